/** Of what a test said; the whole stands further up. */
const LINES = 12;

/**
 * What did not pass in a JSON report of Vitest or Playwright: of each test where it stands, its name, and the beginning
 * of what it said. Between a run's failure and its end may lie thousands of lines, and some places show only the end.
 */
export function failuresIn(report) {
  return [...(report?.testResults ?? []).flatMap(inFile), ...(report?.suites ?? []).flatMap(inSuite)];
}

/** Vitest: a file that could not even load has no tests, but a message. */
function inFile({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [`${name}\n${beginning(message)}`];
  return failed.map((test) => `${name} › ${test.fullName}\n${beginning(test.failureMessages[0])}`);
}

/** Playwright: suites in suites; a test that passed only the second time is told of, too. */
function inSuite({ suites = [], specs = [] }) {
  const own = specs.flatMap((spec) =>
    spec.tests
      .filter((test) => ['unexpected', 'flaky'].includes(test.status))
      .map((test) => {
        const error = test.results.flatMap((result) => result.errors ?? [])[0];
        const again = test.status === 'flaky' ? ' (passed the second time)' : '';
        return `${spec.file}:${spec.line} › ${spec.title}${again}\n${beginning(error?.message)}`;
      }),
  );
  return [...own, ...suites.flatMap(inSuite)];
}

function beginning(text = '') {
  const lines = text
    .replace(/\u001b\[[\d;]*m/g, '')
    .split('\n')
    .filter((line) => line.trim() && !line.includes('node_modules'));
  return lines
    .slice(0, LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}

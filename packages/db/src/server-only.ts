// The `browser` condition points here: importing this package into browser code must fail the build.
// @ts-expect-error The file does not exist, and its name says why.
import './this-package-runs-on-the-server-only.js';

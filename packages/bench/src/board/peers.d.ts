// Excalidraw is installed by the bench when it is wanted (`peers.ts`): Vite finds it, TypeScript is told what we use.
declare module '#excalidraw' {
  export interface SceneElement {
    id: string;
    type: string;
    x: number;
    y: number;
    width: number;
    height: number;
    version: number;
  }
  export interface ExcalidrawApi {
    updateScene(scene: { elements?: readonly SceneElement[]; appState?: object }): void;
    getSceneElements(): readonly SceneElement[];
  }
  export const Excalidraw: unknown;
  export function convertToExcalidrawElements(
    skeletons: object[],
    options: { regenerateIds: boolean },
  ): SceneElement[];
  export function restoreElements(elements: SceneElement[], local: null): SceneElement[];
}
declare module '#excalidraw.css' {}
declare module '#react' {
  export function createElement(type: unknown, props: object): unknown;
}
declare module '#react-dom' {
  export function flushSync(run: () => void): void;
}
declare module '#react-dom/client' {
  export function createRoot(at: Element): { render(what: unknown): void };
}

/** A program that is built from one of the pinned Go modules beside this file. */
export interface GoTool {
  name: string;
  /** Folder beside this file, with go.mod and go.sum. */
  module: string;
  /** Import path of the main package, or its path within the module. */
  package: string;
  linkerFlags: string;
  /** Build tags, with commas. */
  tags?: string;
  /** Cold build on two cores, measured; for the progress line only. */
  estimateSeconds: number;
}

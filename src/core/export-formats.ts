/** What a notebook can be exported to. */

/** Formats that only write the notebook down in another way; whoever may read it may have them. */
export const TEXT_FORMATS: readonly string[] = [
  'asciidoc',
  'html',
  'ipynb',
  'markdown',
  'notebook',
  'python',
  'rst',
  'slides',
];

import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import {
  Annotation,
  type ChangeSet,
  Compartment,
  EditorState,
  type Extension,
  Prec,
} from '@codemirror/state';
import { drawSelection, EditorView, type KeyBinding, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { NotebookController } from '../controller.ts';
import { languageName, languageOf } from '../languages.ts';
import type { CellModel } from '../model/cell.ts';
import { languageNow, loadLanguage } from './languages.ts';
import { theme } from './theme.ts';

const remote = Annotation.define<boolean>();

/** The one real editor of the page; it moves from cell to cell and leaves its state behind in each. */
export class LiveEditor {
  readonly #view: EditorView;
  readonly #controller: NotebookController;
  #cell: CellModel | null = null;
  #language = new Compartment();
  #gutter = new Compartment();
  #writable = new Compartment();
  #languageName = '';

  constructor(controller: NotebookController) {
    this.#controller = controller;
    this.#view = new EditorView();
    controller.cursorOffset = (id) => (this.#cell?.id === id ? this.#view.state.selection.main.head : null);
    controller.doc.onText = (cell, changes) => this.#follow(cell, changes);
  }

  mount(cell: CellModel, host: Element): void {
    this.#cell = cell;
    const kept = cell.editorState;
    // The kept state is only worth something while it is the cell's text.
    const state = kept?.doc.eq(cell.text.doc) ? kept : this.#fresh(cell);
    this.#view.setState(state);
    host.appendChild(this.#view.dom);
    this.#languageName = '';
    this.refresh();
  }

  unmount(cell: CellModel): void {
    if (this.#cell !== cell) return;
    cell.editorState = this.#view.state;
    this.#view.dom.remove();
    this.#cell = null;
  }

  focus(): void {
    this.#view.focus();
  }

  /** A press on the static text that stood here before. */
  press(event: MouseEvent): void {
    const { clientX, clientY, button, buttons, detail, shiftKey, altKey } = event;
    const init = {
      clientX,
      clientY,
      button,
      buttons,
      detail,
      shiftKey,
      altKey,
      bubbles: true,
      cancelable: true,
    };
    this.#view.focus();
    this.#view.contentDOM.dispatchEvent(new MouseEvent('mousedown', init));
  }

  goToLine(line: number): void {
    const doc = this.#view.state.doc;
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
    this.#view.dispatch({ selection: { anchor: at.from, head: at.to }, scrollIntoView: true });
  }

  get hasFocus(): boolean {
    return this.#view.hasFocus;
  }

  /** Language, line numbers and rights may have changed. */
  refresh(): void {
    const cell = this.#cell;
    if (!cell) return;
    const numbers = cell.flag('line_numbers');
    const editable = this.#controller.session.canEdit;
    this.#view.dispatch({
      effects: [
        this.#gutter.reconfigure(numbers ? lineNumbers() : []),
        this.#writable.reconfigure([EditorView.editable.of(editable), EditorState.readOnly.of(!editable)]),
      ],
    });
    const name = languageOf(cell, this.#controller.doc);
    if (name === this.#languageName) return;
    this.#languageName = name;
    const now = languageNow(name);
    this.#setLanguage(now ?? []);
    if (!now) {
      void loadLanguage(name).then((support) => {
        if (support && this.#cell === cell && this.#languageName === name) this.#setLanguage(support);
      });
    }
  }

  #setLanguage(support: Extension): void {
    this.#view.dispatch({ effects: this.#language.reconfigure(support) });
  }

  dispose(): void {
    this.#view.destroy();
    this.#cell = null;
    this.#controller.cursorOffset = () => null;
    this.#controller.doc.onText = () => undefined;
  }

  #follow(cell: CellModel, changes: ChangeSet): void {
    if (cell === this.#cell) this.#view.dispatch({ changes, annotations: remote.of(true) });
    else if (cell.editorState)
      cell.editorState = cell.editorState.update({ changes, annotations: remote.of(true) }).state;
  }

  #fresh(cell: CellModel): EditorState {
    return EditorState.create({ doc: cell.text.doc, extensions: this.#extensions(cell) });
  }

  #extensions(cell: CellModel): Extension[] {
    const label = `${languageName(languageOf(cell, this.#controller.doc))} cell`;
    return [
      Prec.highest(keymap.of(this.#runKeys())),
      Prec.highest(keymap.of(completionKeymap)),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of('    '),
      EditorState.tabSize.of(4),
      bracketMatching(),
      closeBrackets(),
      search({ top: true }),
      highlightSelectionMatches(),
      autocompletion({ override: [(context) => this.#complete(cell, context)], icons: false }),
      syntaxHighlighting(classHighlighter),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      this.#language.of([]),
      this.#gutter.of([]),
      this.#writable.of([]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      theme,
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        for (const tr of update.transactions) {
          if (tr.docChanged && !tr.annotation(remote)) this.#controller.session.edit(cell, tr.changes);
        }
        this.refreshLater();
      }),
    ];
  }

  /** A magic typed into the first line changes the language; not from inside an update. */
  refreshLater(): void {
    const cell = this.#cell;
    if (cell && languageOf(cell, this.#controller.doc) !== this.#languageName)
      queueMicrotask(() => this.refresh());
  }

  #runKeys(): KeyBinding[] {
    const c = this.#controller;
    const go = (action: () => void) => (): boolean => {
      action();
      return true;
    };
    return [
      { key: 'Shift-Enter', run: go(() => c.runAndAdvance()) },
      { key: 'Mod-Enter', run: go(() => c.runInPlace()) },
      { key: 'Ctrl-Enter', run: go(() => c.runInPlace()) },
      { key: 'Alt-Enter', run: go(() => c.runAndInsert()) },
      { key: 'Ctrl-Shift--', run: go(() => c.split()) },
      { key: 'Alt-ArrowUp', run: () => false },
      {
        key: 'Escape',
        run: (view) => {
          // A list on the screen is closed first; one that is still being asked for is not worth a key.
          if (completionStatus(view.state) === 'active') return false;
          c.toCommand();
          return true;
        },
      },
      { key: 'Tab', run: (view) => acceptCompletion(view) || this.#completeAtWord(view) },
      { key: 'ArrowUp', run: (view) => this.#leave(view, -1) },
      { key: 'ArrowDown', run: (view) => this.#leave(view, 1) },
    ];
  }

  /** As in Jupyter and Databricks: Tab completes right after a word or a dot, anywhere else it indents. */
  #completeAtWord(view: EditorView): boolean {
    const { main } = view.state.selection;
    if (this.#cell?.type !== 'code' || !main.empty || view.state.readOnly) return false;
    const line = view.state.doc.lineAt(main.head);
    if (!/[\w$.]$/.test(line.text.slice(0, main.head - line.from))) return false;
    return startCompletion(view);
  }

  /** An arrow at the edge of the text goes on in the neighbour cell. */
  #leave(view: EditorView, by: -1 | 1): boolean {
    const { main } = view.state.selection;
    if (!main.empty || completionStatus(view.state) === 'active') return false;
    const { doc } = view.state;
    const edge = by < 0 ? doc.lineAt(main.head).number === 1 : doc.lineAt(main.head).number === doc.lines;
    const next = this.#controller.doc.order[this.#controller.activeIndex + by];
    if (!edge || next === undefined) return false;
    const target = this.#controller.doc.cell(next);
    this.#controller.select(next, target?.type === 'markdown' ? 'command' : 'edit');
    return true;
  }

  async #complete(cell: CellModel, context: CompletionContext): Promise<CompletionResult | null> {
    const word = context.matchBefore(/[\w$]+$/);
    const dot = context.matchBefore(/\.[\w$]*$/);
    if (!context.explicit && !dot && (!word || word.to - word.from < 2)) return null;
    const answer = await this.#controller.session.requests.complete(cell.id, cell.source, context.pos);
    if (!answer || answer.matches.length === 0 || context.aborted) return null;
    return {
      from: Math.min(answer.from, context.pos),
      to: context.pos,
      options: answer.matches.map((m) => (m.type ? { label: m.text, type: m.type } : { label: m.text })),
      validFor: /^[\w$]*$/,
    };
  }
}

import { type Language, LanguageSupport, StreamLanguage } from '@codemirror/language';

type Load = () => Promise<LanguageSupport>;

const stream = async (mode: Promise<{ default: never } | object>, name: string): Promise<LanguageSupport> =>
  new LanguageSupport(StreamLanguage.define((await mode)[name as never]));

const LOADERS: Record<string, Load> = {
  JAVA: async () => (await import('@codemirror/lang-java')).java(),
  SQL: async () => {
    const { sql, StandardSQL } = await import('@codemirror/lang-sql');
    return sql({ dialect: StandardSQL, upperCaseKeywords: true });
  },
  PYTHON: async () => (await import('@codemirror/lang-python')).python(),
  MARKDOWN: async () => (await import('@codemirror/lang-markdown')).markdown(),
  SCALA: () => stream(import('@codemirror/legacy-modes/mode/clike'), 'scala'),
  R: () => stream(import('@codemirror/legacy-modes/mode/r'), 'r'),
};

const loaded = new Map<string, LanguageSupport>();
const loading = new Map<string, Promise<LanguageSupport | null>>();

export function languageNow(name: string): LanguageSupport | undefined {
  return loaded.get(name);
}

export function parserNow(name: string): Language['parser'] | undefined {
  return loaded.get(name)?.language.parser;
}

/** A language that cannot be loaded leaves plain text. */
export function loadLanguage(name: string): Promise<LanguageSupport | null> {
  const load = LOADERS[name];
  if (!load) return Promise.resolve(null);
  let promise = loading.get(name);
  if (!promise) {
    promise = load().then(
      (support) => {
        loaded.set(name, support);
        return support;
      },
      () => {
        loading.delete(name);
        return null;
      },
    );
    loading.set(name, promise);
  }
  return promise;
}

import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { type FieldPath, pathBefore } from './field-paths.ts';

export interface ExpressionEditorProps {
  label: string;
  kind: 'filter' | 'json' | 'text';
  value: string;
  onChange: (value: string) => void;
  readOnly: boolean;
  invalid: boolean;
  /** What is offered while one types. */
  fields: readonly FieldPath[];
}

/** A filter or a template, with the fields of a real event on offer. Loaded when an editor is opened. */
export default function ExpressionEditor(props: ExpressionEditorProps) {
  const { label, kind, value, readOnly, invalid } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!host.current) return;
    // In a shadow tree CodeMirror adopts its style sheets; in the page it would write a style element, which the policy forbids.
    const shadow = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const complete = (context: CompletionContext) => {
      const before = pathBefore(context.state.sliceDoc(0, context.pos), latest.current.kind !== 'filter');
      if (before === undefined || (before === '' && !context.explicit)) return null;
      const options = latest.current.fields.map(({ path, value: detail }) => ({
        label: path,
        detail,
        type: 'property',
      }));
      return { from: context.pos - before.length, options, validFor: /^[\w.[\]"-]*$/ };
    };
    const editor = new EditorView({
      root: shadow,
      parent: shadow,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          bracketMatching(),
          ...(kind === 'json' ? [json()] : []),
          autocompletion({ override: [complete] }),
          // Tab leaves the field, as everywhere.
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          ATTRIBUTES.of(attributes(label, latest.current.invalid)),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.onChange(state.doc.toString());
          }),
          THEME,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [kind, label, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: ATTRIBUTES.reconfigure(attributes(label, invalid)) });
  }, [label, invalid]);

  return <div ref={host} />;
}

/** May change while one types, without a new editor. */
const ATTRIBUTES = new Compartment();

function attributes(label: string, invalid: boolean) {
  return EditorView.contentAttributes.of({ 'aria-label': label, 'aria-invalid': String(invalid) });
}

const THEME = EditorView.theme({
  '&': {
    minHeight: '36px',
    maxHeight: '50vh',
    fontSize: '13px',
    color: 'var(--text)',
    backgroundColor: 'var(--ground)',
    border: '1px solid var(--line-control)',
    borderRadius: 'var(--radius)',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: '8px 4px', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': { backgroundColor: 'var(--ground-raised)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-fill)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal', marginLeft: '12px' },
});

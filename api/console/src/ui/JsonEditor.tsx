import { json } from '@codemirror/lang-json';
import { foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { pathAt } from './json-path.ts';

/** Loaded when the first JSON is shown. */
export default function JsonEditor({
  label,
  text,
  root,
  onPath,
}: {
  label: string;
  text: string;
  root: string;
  onPath: (path: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    // In a shadow tree CodeMirror adopts its style sheets; in the page it would write a style element, which the policy forbids.
    const shadow = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root: shadow,
      parent: shadow,
      state: EditorState.create({
        doc: text,
        extensions: [
          json(),
          lineNumbers(),
          foldGutter({ openText: '▾', closedText: '▸' }),
          search({ top: true }),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of(({ state, selectionSet }) => {
            if (selectionSet) onPath(pathAt(syntaxTree(state), state.doc, state.selection.main.head, root));
          }),
          keymap.of([...searchKeymap, ...foldKeymap]),
          syntaxHighlighting(HIGHLIGHT),
          THEME,
        ],
      }),
    });
    return () => view.destroy();
  }, [label, text, root, onPath]);
  return <div ref={host} />;
}

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--amber)' },
]);

const THEME = EditorView.theme({
  '&': { maxHeight: '60vh', fontSize: '12px', color: 'var(--text)', backgroundColor: 'var(--ground)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--text-soft)', border: 'none' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--ground-hover)', border: 'none', color: 'var(--text-soft)' },
  '.cm-panels': { backgroundColor: 'var(--ground-sunken)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--ground)', color: 'var(--text)', border: '1px solid var(--line-control)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--ground-raised)', border: '1px solid var(--line)' },
  '.cm-searchMatch': { backgroundColor: 'var(--amber-ground)', outline: '1px solid var(--amber)' },
  '.cm-selectionBackground': { backgroundColor: 'var(--ground-chosen) !important' },
});

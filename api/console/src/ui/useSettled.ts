import { useEffect, useState } from 'react';

const TYPING_MS = 300;

/** A text as it was a moment after its last change: what is asked for while somebody types. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(setSettled, TYPING_MS, text);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

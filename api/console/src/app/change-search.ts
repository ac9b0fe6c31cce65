import { useNavigate } from '@tanstack/react-router';

/** Changes filters in the URL of a list; `onFilter` is called unless another row was opened only. */
export function useChangeSearch<Search extends { open?: string | undefined }>(onFilter: () => void) {
  const navigate = useNavigate();
  return (changed: Search) => {
    if (!('open' in changed) || Object.keys(changed).length > 1) onFilter();
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...changed })) as never, replace: true });
  };
}

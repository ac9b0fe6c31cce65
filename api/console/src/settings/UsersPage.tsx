import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { usePages } from '../app/paging.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Copy } from '../ui/Copy.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { type Column, List } from '../ui/List.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Menu } from '../ui/Menu.tsx';
import { PageBody } from '../ui/Page.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { SettingsHead } from './SettingsHead.tsx';
import { useAccountOf } from './useAccountOf.ts';

type User = Schemas['User'];

const KEY = '/api/v1/users';

/** Who may log in; a new one gets a link that sets their password. */
export function UsersPage() {
  const account = useChosenAccount();
  const pages = usePages(KEY, { account });
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<Schemas['UserWithLink']>();
  const columns: Column<User>[] = [
    { head: 'E-mail', cell: ({ email }) => email },
    { head: 'Role', width: '96px', cell: ({ role }) => role },
    { head: 'State', width: '180px', cell: (user) => <StateMark user={user} /> },
    { head: 'Acts', width: '96px', end: true, cell: (user) => <Acts user={user} onLink={setLink} /> },
  ];
  return (
    <>
      <SettingsHead
        page="Users"
        actions={
          <Button kind="primary" onClick={() => setAdding(true)}>
            Add a user
          </Button>
        }
      />
      {pages.rows.length === 0 ? (
        <PageBody>
          {pages.isPending ? (
            <SkeletonRows rows={3} />
          ) : (
            <Empty icon="info" title="No user yet">
              <p>Whoever you add gets a link that sets their password. Operators log in without being a user.</p>
            </Empty>
          )}
        </PageBody>
      ) : (
        <List
          label="Users"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ email }) => `/settings/audit?actor=${encodeURIComponent(`user:${email}`)}`}
          columns={columns}
          more={pages.more}
        />
      )}
      {adding && (
        <Add
          onClose={() => setAdding(false)}
          onAdded={(user) => {
            setAdding(false);
            setLink(user);
          }}
        />
      )}
      {link && <LinkOnce user={link} onClose={() => setLink(undefined)} />}
    </>
  );
}

function StateMark({ user: { deactivated, link_expires_at } }: { user: User }) {
  if (deactivated) {
    return (
      <Mark tone="grey" icon="ban">
        deactivated
      </Mark>
    );
  }
  return link_expires_at ? (
    <Mark tone="amber" icon="clock">
      has an unused link
    </Mark>
  ) : (
    <Mark tone="green" icon="check">
      active
    </Mark>
  );
}

function useUserChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  const { show } = useToasts();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
  });
}

function Acts({ user, onLink }: { user: User; onLink: (user: Schemas['UserWithLink']) => void }) {
  const { id, role, deactivated } = user;
  const api = useApi();
  const params = { path: { id } };
  const patch = useUserChange((body: Schemas['UserChanges']) => api.patch('/api/v1/users/{id}', { params, body }));
  const link = useUserChange(() => api.post('/api/v1/users/{id}/link', { params }));
  const other = role === 'admin' ? 'viewer' : 'admin';
  return (
    <Menu
      label={`Acts on ${user.email}`}
      trigger={<IconButton small icon="more" label={`Acts on ${user.email}`} />}
      actions={[
        { id: 'role', label: `Make ${other}`, run: () => patch.mutate({ role: other }) },
        {
          id: 'link',
          label: 'New link for the password',
          disabled: deactivated,
          run: () => link.mutate(undefined, { onSuccess: onLink }),
        },
        {
          id: 'deactivate',
          label: deactivated ? 'Activate' : 'Deactivate',
          run: () => patch.mutate({ deactivated: !deactivated }),
        },
      ]}
    />
  );
}

function Add({ onClose, onAdded }: { onClose: () => void; onAdded: (user: Schemas['UserWithLink']) => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const account = useAccountOf();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<User['role']>('viewer');
  const add = useMutation({
    mutationFn: () =>
      api.post('/api/v1/users', { body: { email: email.trim(), role, ...(account !== undefined && { account }) } }),
    onSuccess: async (user) => {
      await queries.invalidateQueries({ queryKey: [KEY] });
      onAdded(user);
    },
  });
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <Form
        action="Add the user"
        pending={add.isPending}
        fault={add.error ? faultOf(add.error) : undefined}
        onSubmit={() => add.mutate()}
        cancel={<Button onClick={onClose}>Cancel</Button>}
      >
        <TextField
          label="E-mail"
          type="email"
          value={email}
          onChange={setEmail}
          error={errorOf(fieldErrors(add.error), 'email')}
          autoComplete="off"
          required
        />
        <Select
          label="Role"
          value={role}
          onChange={setRole}
          options={[
            { value: 'viewer', label: 'viewer: looks' },
            { value: 'admin', label: 'admin: changes what belongs to the account' },
          ]}
        />
      </Form>
    </Dialog>
  );
}

function LinkOnce({ user: { email, link }, onClose }: { user: Schemas['UserWithLink']; onClose: () => void }) {
  return (
    <Dialog title={`A link for ${email}`} onClose={onClose}>
      <p>Hand it to them: it sets their password, once, within 72 hours. It is shown this once.</p>
      <p>
        <code style={{ overflowWrap: 'anywhere' }}>{link}</code>{' '}
        <Copy text={link} label="Copy the link">
          Copy
        </Copy>
      </p>
      <Button onClick={onClose}>Close</Button>
    </Dialog>
  );
}

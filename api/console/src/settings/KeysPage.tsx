import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { usePages } from '../app/paging.tsx';
import { useMayWrite, useSession } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { type Column, List } from '../ui/List.tsx';
import { PageBody } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { Time } from '../ui/Time.tsx';
import { SettingsHead } from './SettingsHead.tsx';
import { useAccountOf } from './useAccountOf.ts';

type ApiKey = Schemas['ApiKey'];
type Role = ApiKey['role'];

const KEY = '/api/v1/api-keys';

/** What programs log in with; a key is shown once. */
export function KeysPage() {
  const account = useChosenAccount();
  const pages = usePages(KEY, { account });
  const mayWrite = useMayWrite();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const columns: Column<ApiKey>[] = [
    { head: 'Name', cell: ({ name }) => name },
    { head: 'Begins with', width: '140px', wide: true, cell: ({ prefix }) => <code>{prefix}</code> },
    { head: 'Role', width: '96px', cell: ({ role }) => role },
    { head: 'Last used', width: '112px', end: true, wide: true, cell: (key) => <Time at={key.last_used_at} /> },
    {
      head: 'Acts',
      width: '104px',
      end: true,
      cell: (key) =>
        mayWrite && (
          <Button small onClick={() => setRevoking(key)}>
            Revoke …
          </Button>
        ),
    },
  ];
  const make = mayWrite && (
    <Button kind="primary" onClick={() => setMaking(true)}>
      New API key
    </Button>
  );
  return (
    <>
      <SettingsHead page="API keys" actions={make} />
      {pages.rows.length === 0 ? (
        <PageBody>
          {pages.isPending ? (
            <SkeletonRows rows={3} />
          ) : (
            <Empty icon="info" title="No API key yet">
              <p>A key is what a program logs in with, instead of a person’s password.</p>
            </Empty>
          )}
        </PageBody>
      ) : (
        <List
          label="API keys"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/settings/audit?subject=${id}`}
          columns={columns}
          more={pages.more}
        />
      )}
      {making && <Make onClose={() => setMaking(false)} />}
      {revoking && <Revoke apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const isOperator = useSession().role === 'operator';
  const account = useAccountOf();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const make = useMutation({
    mutationFn: () =>
      api.post('/api/v1/api-keys', {
        body: { name, role, ...(role !== 'operator' && account !== undefined && { account }) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
  const roles: Role[] = isOperator ? ['viewer', 'admin', 'operator'] : ['viewer', 'admin'];
  return (
    <Dialog title="New API key" onClose={onClose}>
      {make.data ? (
        <>
          <SecretOnce secret={make.data.key} name="key" />
          <Button onClick={onClose}>Close</Button>
        </>
      ) : (
        <Form
          action="Make the key"
          pending={make.isPending}
          fault={make.error ? faultOf(make.error) : undefined}
          onSubmit={() => make.mutate()}
          cancel={<Button onClick={onClose}>Cancel</Button>}
        >
          <TextField
            label="What it is for"
            value={name}
            onChange={setName}
            error={errorOf(fieldErrors(make.error), 'name')}
            autoComplete="off"
            required
          />
          <Select
            label="Role"
            value={role}
            onChange={setRole}
            options={roles.map((each) => ({ value: each, label: each }))}
          />
        </Form>
      )}
    </Dialog>
  );
}

function Revoke({ apiKey: { id, name }, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.delete('/api/v1/api-keys/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [KEY] });
      onClose();
    },
  });
  return (
    <Confirm
      title={`Revoke ${name}?`}
      action={`Revoke ${name}`}
      pending={revoke.isPending}
      fault={revoke.error ? faultOf(revoke.error) : undefined}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>Programs that use it are refused from now on.</p>
    </Confirm>
  );
}

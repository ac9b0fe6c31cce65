import { createHash } from 'node:crypto';
import { base64, hex, NOW, SECONDS, SECRET, type Vendors } from './vendor.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const DEVELOPMENT: Vendors = {
  github: {
    headers: { 'x-github-event': 'issues', 'x-github-delivery': '72d3162e' },
    body: {
      action: 'opened',
      issue: { title: 'Login fails', html_url: 'https://github.com/a/b/issues/1' },
      repository: { full_name: 'a/b' },
      sender: { login: 'ada' },
    },
    sign: (body) => ({ 'x-hub-signature-256': `sha256=${hex(body)}` }),
    type: 'issues.opened',
    key: '72d3162e',
    data: { sender: 'ada', repository: 'a/b', title: 'Login fails', url: 'https://github.com/a/b/issues/1' },
  },
  gitlab: {
    headers: { 'x-gitlab-event': 'Issue Hook', 'idempotency-key': 'f5e0' },
    body: {
      object_kind: 'issue',
      user: { username: 'root' },
      project: { path_with_namespace: 'g/p' },
      object_attributes: { title: 'New API', action: 'open', state: 'opened', url: 'https://gitlab.example/issues/23' },
    },
    sign: () => ({ 'x-gitlab-token': SECRET }),
    type: 'issue.open',
    key: 'f5e0',
    data: {
      title: 'New API',
      sender: 'root',
      repository: 'g/p',
      url: 'https://gitlab.example/issues/23',
      status: 'opened',
    },
  },
  bitbucket: {
    headers: { 'x-event-key': 'pullrequest:created', 'x-request-uuid': 'b1' },
    body: {
      actor: { display_name: 'Emma' },
      pullrequest: { title: 'Fix', links: { html: { href: 'https://bitbucket.org/t/r/pull-requests/1' } } },
      repository: { full_name: 't/r', links: { html: { href: 'https://bitbucket.org/t/r' } } },
    },
    sign: (body) => ({ 'x-hub-signature': `sha256=${hex(body)}` }),
    type: 'pullrequest:created',
    key: 'b1',
    data: { sender: 'Emma', repository: 't/r', title: 'Fix', url: 'https://bitbucket.org/t/r/pull-requests/1' },
  },
  gitea: {
    headers: { 'x-gitea-event': 'issues', 'x-gitea-delivery': 'f6266f16' },
    body: {
      action: 'opened',
      issue: { title: 'Bug', html_url: 'https://gitea.example/a/b/issues/1' },
      repository: { full_name: 'a/b' },
      sender: { login: 'gitea' },
    },
    sign: (body) => ({ 'x-gitea-signature': hex(body) }),
    type: 'issues.opened',
    key: 'f6266f16',
    data: { sender: 'gitea', repository: 'a/b', title: 'Bug', url: 'https://gitea.example/a/b/issues/1' },
  },
  circleci: {
    body: {
      id: '3888f21b',
      type: 'workflow-completed',
      workflow: { name: 'build-testing', status: 'success', url: 'https://app.circleci.com/pipelines/1' },
      project: { slug: 'github/circleci/webhook-service' },
    },
    sign: (body) => ({ 'circleci-signature': `v1=${hex(body)},v2=ab` }),
    type: 'workflow-completed',
    key: '3888f21b',
    data: {
      title: 'build-testing',
      repository: 'github/circleci/webhook-service',
      status: 'success',
      url: 'https://app.circleci.com/pipelines/1',
    },
  },
  buildkite: {
    headers: { 'x-buildkite-event': 'build.finished' },
    body: {
      event: 'build.finished',
      build: { message: 'Ship it', state: 'passed', web_url: 'https://buildkite.com/a/p/builds/1' },
      pipeline: { slug: 'p' },
      sender: { name: 'Keith' },
    },
    sign: (body) => ({ 'x-buildkite-signature': `timestamp=${SECONDS},signature=${hex(`${SECONDS}.${body}`)}` }),
    type: 'build.finished',
    key: '',
    data: {
      title: 'Ship it',
      sender: 'Keith',
      repository: 'p',
      status: 'passed',
      url: 'https://buildkite.com/a/p/builds/1',
    },
  },
  vercel: {
    body: {
      id: 'evt_1',
      type: 'deployment.succeeded',
      createdAt: NOW,
      payload: {
        name: 'site',
        target: 'production',
        deployment: { id: 'dpl_1', name: 'site' },
        links: { deployment: 'https://vercel.com/t/site/1' },
      },
    },
    sign: (body) => ({ 'x-vercel-signature': hex(body, 'sha1') }),
    type: 'deployment.succeeded',
    key: 'evt_1',
    data: { title: 'site', url: 'https://vercel.com/t/site/1', status: 'production' },
  },
  netlify: {
    headers: { 'x-netlify-event': 'deploy_created' },
    body: { id: '1', state: 'ready', name: 'site', title: 'Fix', deploy_ssl_url: 'https://1--site.netlify.app' },
    sign(body) {
      const sha256 = createHash('sha256').update(body).digest('hex');
      const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'netlify', sha256 })}`;
      const signature = Buffer.from(hex(content), 'hex').toString('base64url');
      return { 'x-webhook-signature': `${content}.${signature}` };
    },
    type: 'deploy.ready',
    key: '',
    data: { title: 'Fix', url: 'https://1--site.netlify.app', status: 'ready' },
  },
  heroku: {
    body: {
      id: 'b2',
      resource: 'release',
      action: 'update',
      actor: { email: 'ada@example.com' },
      data: { app: { name: 'shop' }, description: 'Deploy 4a1', status: 'succeeded' },
    },
    sign: (body) => ({ 'heroku-webhook-hmac-sha256': base64(body) }),
    type: 'release.update',
    key: 'b2',
    data: { title: 'Deploy 4a1', sender: 'ada@example.com', app: 'shop', status: 'succeeded' },
  },
  'terraform-cloud': {
    body: {
      payload_version: 1,
      run_url: 'https://app.terraform.io/app/o/w/runs/run-1',
      run_message: 'Add five new queue workers',
      run_created_by: 'sample-user',
      workspace_name: 'my-workspace',
      notifications: [{ message: 'Run Canceled', trigger: 'run:errored', run_status: 'canceled' }],
    },
    sign: (body) => ({ 'x-tfe-notification-signature': hex(body, 'sha512') }),
    type: 'run:errored',
    key: '',
    data: {
      title: 'Add five new queue workers',
      sender: 'sample-user',
      workspace: 'my-workspace',
      url: 'https://app.terraform.io/app/o/w/runs/run-1',
    },
  },
  linear: {
    headers: { 'linear-delivery': '234d1a4e', 'linear-event': 'Issue' },
    body: {
      action: 'update',
      type: 'Issue',
      actor: { name: 'Collins' },
      data: { title: 'Make it fast', state: { name: 'Todo' } },
      url: 'https://linear.app/issue/LIN-1',
      webhookTimestamp: NOW,
    },
    sign: (body) => ({ 'linear-signature': hex(body) }),
    type: 'Issue.update',
    key: '234d1a4e',
    data: { title: 'Make it fast', sender: 'Collins', status: 'Todo', url: 'https://linear.app/issue/LIN-1' },
  },
  jira: {
    headers: { 'x-atlassian-webhook-identifier': 'j1' },
    body: {
      webhookEvent: 'jira:issue_updated',
      user: { displayName: 'Bryan' },
      issue: {
        key: 'JRA-1',
        fields: { summary: 'I feel the need', status: { name: 'Open' }, project: { key: 'JRA' } },
      },
    },
    sign: (body) => ({ 'x-hub-signature': `sha256=${hex(body)}` }),
    type: 'jira:issue_updated',
    key: 'j1',
    data: { title: 'I feel the need', key: 'JRA-1', sender: 'Bryan', status: 'Open', project: 'JRA' },
  },
  'azure-devops': {
    body: {
      id: '27646e0e-b520-4d2b-9411-bba7524947cd',
      eventType: 'git.pullrequest.created',
      message: { text: 'Jamal Hartnett created a new pull request' },
      resource: {
        repository: { name: 'Fabrikam' },
        status: 'active',
        createdBy: { displayName: 'Jamal Hartnett' },
        _links: { web: { href: 'https://dev.azure.com/fabrikam/_git/Fabrikam/pullrequest/1' } },
      },
    },
    sign: () => ({ authorization: `Basic ${Buffer.from(`postmark:${SECRET}`).toString('base64')}` }),
    type: 'git.pullrequest.created',
    key: '27646e0e-b520-4d2b-9411-bba7524947cd',
    data: {
      title: 'Jamal Hartnett created a new pull request',
      sender: 'Jamal Hartnett',
      repository: 'Fabrikam',
      status: 'active',
      url: 'https://dev.azure.com/fabrikam/_git/Fabrikam/pullrequest/1',
    },
  },
  sonarqube: {
    body: {
      taskId: 'AVh21JS2JepAEhwQ-b3u',
      status: 'SUCCESS',
      project: { key: 'myproject', name: 'My Project', url: 'https://sonar.example/dashboard?id=myproject' },
      branch: { name: 'main', url: 'https://sonar.example/dashboard?branch=main' },
      qualityGate: { name: 'SonarQube way', status: 'OK' },
    },
    sign: (body) => ({ 'x-sonar-webhook-hmac-sha256': hex(body) }),
    type: 'qualitygate.OK',
    key: 'AVh21JS2JepAEhwQ-b3u',
    data: { title: 'My Project', branch: 'main', status: 'OK', url: 'https://sonar.example/dashboard?branch=main' },
  },
  flux: {
    body: {
      involvedObject: { kind: 'Kustomization', name: 'webapp', namespace: 'apps' },
      severity: 'error',
      reason: 'ValidationFailed',
      message: 'service/apps/webapp validation error',
    },
    sign: (body) => ({ 'x-signature': `sha256=${hex(body)}` }),
    type: 'Kustomization.ValidationFailed',
    key: '',
    data: {
      title: 'service/apps/webapp validation error',
      object: 'webapp',
      namespace: 'apps',
      status: 'error',
    },
  },
  launchdarkly: {
    body: {
      _id: '57c0a8e29969090743529965',
      date: 1472243938774,
      accesses: [{ action: 'updateName', resource: 'proj/alexis:env/test' }],
      kind: 'environment',
      name: 'Testing',
      description: '- Changed the name from ~~Test~~ to *Testing*',
      member: { email: 'ariel@example.com' },
    },
    sign: (body) => ({ 'x-ld-signature': hex(body) }),
    type: 'environment.updateName',
    key: '57c0a8e29969090743529965',
    data: {
      title: 'Testing',
      sender: 'ariel@example.com',
      message: '- Changed the name from ~~Test~~ to *Testing*',
    },
  },
  harbor: {
    body: {
      type: 'PUSH_ARTIFACT',
      occur_at: 1586922308,
      operator: 'admin',
      event_data: {
        resources: [{ tag: 'latest', resource_url: 'hub.harbor.com/test-webhook/debian:latest' }],
        repository: { name: 'debian', repo_full_name: 'test-webhook/debian' },
      },
    },
    sign: () => ({ authorization: SECRET }),
    type: 'PUSH_ARTIFACT',
    key: '',
    data: {
      title: 'hub.harbor.com/test-webhook/debian:latest',
      sender: 'admin',
      repository: 'test-webhook/debian',
      tag: 'latest',
    },
  },
  'bitbucket-server': {
    headers: { 'x-event-key': 'pr:opened', 'x-request-id': '6e0a2d0c' },
    body: {
      eventKey: 'pr:opened',
      date: '2017-09-19T09:58:11+1000',
      actor: { name: 'admin', emailAddress: 'admin@example.com', id: 1, displayName: 'Administrator' },
      pullRequest: {
        id: 1,
        title: 'a new file added',
        state: 'OPEN',
        toRef: { id: 'refs/heads/master', repository: { slug: 'repository', project: { key: 'PROJ' } } },
        links: { self: [null] },
      },
    },
    sign: (body) => ({ 'x-hub-signature': `sha256=${hex(body)}` }),
    type: 'pr:opened',
    key: '6e0a2d0c',
    data: { sender: 'Administrator', repository: 'repository', title: 'a new file added' },
  },
  snyk: {
    headers: {
      'x-snyk-event': 'project_snapshot/v0',
      'x-snyk-transport-id': '998fe884-18a0-45db-8ae0-e379eea3bc0a',
      'x-snyk-timestamp': '2020-09-25T15:27:53Z',
    },
    body: {
      project: { name: 'snyk/goof', id: 'af137b96', browseUrl: 'https://app.snyk.io/org/4a18/project/af137b96' },
      org: { name: 'My Org', slug: 'my-org' },
      group: { name: 'ACME Inc.' },
      newIssues: [
        {
          id: 'npm:ms:20170412',
          issueData: { title: 'Regular Expression Denial of Service (ReDoS)', severity: 'low' },
        },
      ],
      removedIssues: [],
    },
    sign: (body) => ({ 'x-hub-signature': `sha256=${hex(body)}` }),
    type: 'project_snapshot/v0',
    key: '998fe884-18a0-45db-8ae0-e379eea3bc0a',
    data: {
      title: 'Regular Expression Denial of Service (ReDoS)',
      project: 'snyk/goof',
      organization: 'My Org',
      severity: 'low',
      url: 'https://app.snyk.io/org/4a18/project/af137b96',
    },
  },
};

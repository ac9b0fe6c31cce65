import { Webhook as StandardWebhook } from 'standardwebhooks';
import { WHSEC } from './platforms.ts';
import { base64, hex, MILLISECONDS, NOW, SECONDS, SECRET, type Vendors } from './vendor.ts';

export const CONTENT: Vendors = {
  webflow: {
    body: {
      triggerType: 'form_submission',
      payload: {
        name: 'Contact Us',
        siteId: '65427cf400e02b306eaa049c',
        data: { 'First Name': 'Zaphod', email: 'zaphod@heartofgold.ai' },
        id: '6321ca84df3949bfc6752327',
      },
    },
    sign: (body) => ({
      'x-webflow-timestamp': MILLISECONDS,
      'x-webflow-signature': hex(`${MILLISECONDS}:${body}`),
    }),
    type: 'form_submission',
    key: '',
    data: { title: 'Contact Us', sender: 'zaphod@heartofgold.ai', object: '6321ca84df3949bfc6752327' },
  },
  sanity: {
    headers: { 'idempotency-key': 'k1' },
    body: { _id: 'a1', _type: 'article', title: 'Hello' },
    sign: (body) => ({
      'sanity-webhook-signature': `t=${MILLISECONDS},v1=${Buffer.from(base64(`${MILLISECONDS}.${body}`), 'base64').toString('base64url')}`,
    }),
    type: 'article',
    key: 'k1',
    data: { title: 'Hello', object: 'a1' },
  },
  ghost: {
    body: {
      post: {
        current: {
          id: '5b',
          title: 'Welcome',
          url: 'https://blog.example/welcome/',
          status: 'published',
          primary_author: { name: 'Ada' },
        },
        previous: { status: 'draft' },
      },
    },
    sign: (body) => ({ 'x-ghost-signature': `sha256=${hex(`${body}${MILLISECONDS}`)}, t=${MILLISECONDS}` }),
    type: 'post',
    key: '',
    data: { title: 'Welcome', sender: 'Ada', url: 'https://blog.example/welcome/', status: 'published' },
  },
  discourse: {
    headers: {
      'x-discourse-instance': 'https://forum.example',
      'x-discourse-event-id': '41',
      'x-discourse-event-type': 'post',
      'x-discourse-event': 'post_created',
    },
    body: { post: { id: 1, username: 'ada', topic_title: 'Hello', topic_id: 7 } },
    sign: (body) => ({ 'x-discourse-event-signature': `sha256=${hex(body)}` }),
    type: 'post_created',
    key: 'https://forum.example#41',
    data: { title: 'Hello', sender: 'ada', site: 'https://forum.example' },
  },
  mux: {
    body: {
      type: 'video.asset.ready',
      id: '3a56ac3d',
      object: { type: 'asset', id: '0201p02fGK' },
      environment: { name: 'Production' },
      data: { status: 'ready', id: '0201p02fGK', passthrough: 'my-video' },
    },
    sign: (body) => ({ 'mux-signature': `t=${SECONDS},v1=${hex(`${SECONDS}.${body}`)}` }),
    type: 'video.asset.ready',
    key: '3a56ac3d',
    data: { title: 'my-video', object: '0201p02fGK', status: 'ready' },
  },
  'cloudflare-stream': {
    body: {
      uid: '6b9e68b07dfee8cc2d116e4c51d6a957',
      readyToStream: true,
      status: { state: 'ready', pctComplete: '39.000000', errorReasonText: '' },
      meta: { name: 'small.mp4' },
      preview: 'https://customer-f33zs165nr7gyfy4.cloudflarestream.com/6b9e68b07dfee8cc2d116e4c51d6a957/watch',
    },
    sign: (body) => ({ 'webhook-signature': `time=${SECONDS},sig1=${hex(`${SECONDS}.${body}`)}` }),
    type: 'video.ready',
    key: '',
    data: {
      title: 'small.mp4',
      object: '6b9e68b07dfee8cc2d116e4c51d6a957',
      url: 'https://customer-f33zs165nr7gyfy4.cloudflarestream.com/6b9e68b07dfee8cc2d116e4c51d6a957/watch',
      status: 'ready',
      error: '',
    },
  },
  tiktok: {
    body: {
      client_key: 'bwo2m45353a6k85',
      event: 'video.publish.completed',
      create_time: 1615338610,
      user_openid: 'act.example12345Example12345Example',
      content: '{"share_id":"video.6974245311675353080.VDCxrcMJ"}',
    },
    sign: (body) => ({ 'tiktok-signature': `t=${SECONDS},s=${hex(`${SECONDS}.${body}`)}` }),
    type: 'video.publish.completed',
    key: '',
    data: {
      content: '{"share_id":"video.6974245311675353080.VDCxrcMJ"}',
      sender: 'act.example12345Example12345Example',
    },
  },
  replicate: {
    body: {
      id: 'ufawqhfynnddngldkgtslldrkq',
      version: '5c7d5dc6',
      status: 'succeeded',
      error: null,
      urls: { get: 'https://api.replicate.com/v1/predictions/ufawqhfynnddngldkgtslldrkq' },
    },
    sign: (body) => ({
      'webhook-id': 'msg_r1',
      'webhook-timestamp': SECONDS,
      'webhook-signature': new StandardWebhook(WHSEC).sign('msg_r1', new Date(NOW), body),
    }),
    type: 'prediction.succeeded',
    key: 'msg_r1',
    data: {
      object: 'ufawqhfynnddngldkgtslldrkq',
      model: '5c7d5dc6',
      status: 'succeeded',
      url: 'https://api.replicate.com/v1/predictions/ufawqhfynnddngldkgtslldrkq',
    },
  },
  huggingface: {
    body: {
      event: { action: 'create', scope: 'discussion' },
      repo: {
        type: 'model',
        name: 'openai-community/gpt2',
        url: { web: 'https://huggingface.co/openai-community/gpt2' },
      },
      discussion: {
        title: 'Update co2 emissions',
        url: { web: 'https://huggingface.co/openai-community/gpt2/discussions/19' },
        status: 'open',
      },
      comment: {
        content: 'Add co2 emissions information to the model card',
        url: { web: 'https://huggingface.co/openai-community/gpt2/discussions/19#6399f58518721fdd27fc9caa' },
      },
    },
    sign: () => ({ 'x-webhook-secret': SECRET }),
    type: 'discussion.create',
    key: '',
    data: {
      title: 'Update co2 emissions',
      repository: 'openai-community/gpt2',
      message: 'Add co2 emissions information to the model card',
      url: 'https://huggingface.co/openai-community/gpt2/discussions/19#6399f58518721fdd27fc9caa',
      status: 'open',
    },
  },
  elevenlabs: {
    body: {
      type: 'post_call_transcription',
      event_timestamp: 1739537297,
      data: {
        agent_id: 'xyz',
        conversation_id: 'abc',
        status: 'done',
        analysis: { transcript_summary: 'A greeting' },
      },
    },
    sign: (body) => ({ 'elevenlabs-signature': `t=${SECONDS},v0=${hex(`${SECONDS}.${body}`)}` }),
    type: 'post_call_transcription',
    key: '',
    data: { title: 'A greeting', object: 'abc', agent: 'xyz', status: 'done' },
  },
  tally: {
    body: {
      eventId: '02ee4066-93f1-446b-8115-259577c22366',
      eventType: 'FORM_RESPONSE',
      createdAt: '2025-07-04T13:39:37.979Z',
      data: {
        responseId: 'jaMb6Ka',
        submissionId: 'jaMb6Ka',
        formId: 'mZA0Av',
        formName: 'Contact',
        fields: [{ key: 'question_ElZ96L', label: 'Full Name', type: 'INPUT_TEXT', value: 'Ada' }],
      },
    },
    sign: (body) => ({ 'tally-signature': base64(body) }),
    type: 'FORM_RESPONSE',
    key: '02ee4066-93f1-446b-8115-259577c22366',
    data: { title: 'Contact', object: 'jaMb6Ka' },
  },
};

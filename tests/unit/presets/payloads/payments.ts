import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { base64, hex, NOW, SECONDS, SECRET, URL_OF_SOURCE, type Vendors } from './vendor.ts';

/** A secret in hexadecimal, as Adyen's. */
export const HEX_SECRET = '44782def547aaa06c910c43932b1eb0c';

export const PAYMENTS: Vendors = {
  stripe: {
    body: {
      id: 'evt_1',
      type: 'charge.succeeded',
      livemode: true,
      data: {
        object: { id: 'ch_1', amount: 2000, currency: 'usd', status: 'succeeded', number: 'R-7', customer: 'c' },
      },
    },
    sign: (payload) => ({
      'stripe-signature': new Stripe('sk_test_x').webhooks.generateTestHeaderString({
        payload,
        secret: SECRET,
        timestamp: NOW / 1000,
      }),
    }),
    type: 'charge.succeeded',
    key: 'evt_1',
    data: {
      title: 'R-7',
      sender: 'c',
      url: 'https://dashboard.stripe.com/events/evt_1',
      object: 'ch_1',
      amount: 2000,
      currency: 'usd',
      status: 'succeeded',
    },
  },
  shopify: {
    headers: {
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': 'b54557e4',
      'x-shopify-shop-domain': 'acme.myshopify.com',
    },
    body: {
      id: 450789469,
      admin_graphql_api_id: 'gid://shopify/Order/450789469',
      name: '#9999',
      email: 'jon@example.com',
      total_price: '398.00',
      currency: 'USD',
      financial_status: 'paid',
    },
    sign: (body) => ({ 'x-shopify-hmac-sha256': base64(body) }),
    type: 'orders/create',
    key: 'b54557e4',
    data: {
      title: '#9999',
      sender: 'jon@example.com',
      url: 'https://acme.myshopify.com/admin/orders/450789469',
      shop: 'acme.myshopify.com',
      amount: '398.00',
      currency: 'USD',
      status: 'paid',
    },
  },
  woocommerce: {
    headers: {
      'x-wc-webhook-topic': 'order.created',
      'x-wc-webhook-delivery-id': '728af8c2ed1eb1a4e8a9b0ccc3d3a4f2',
      'x-wc-webhook-source': 'https://shop.example/',
    },
    body: {
      number: '727',
      billing: { email: 'john@example.com' },
      total: '29.35',
      currency: 'EUR',
      status: 'processing',
    },
    sign: (body) => ({ 'x-wc-webhook-signature': base64(body) }),
    type: 'order.created',
    key: '',
    data: {
      title: '727',
      sender: 'john@example.com',
      shop: 'https://shop.example/',
      amount: '29.35',
      currency: 'EUR',
      status: 'processing',
    },
  },
  paddle: {
    body: {
      event_id: 'evt_01',
      event_type: 'transaction.completed',
      data: {
        id: 'txn_01',
        customer_id: 'ctm_01',
        currency_code: 'USD',
        status: 'completed',
        details: { totals: { grand_total: '1000' } },
      },
    },
    sign: (body) => ({ 'paddle-signature': `ts=${SECONDS};h1=${hex('old')};h1=${hex(`${SECONDS}:${body}`)}` }),
    type: 'transaction.completed',
    key: 'evt_01',
    data: { object: 'txn_01', customer: 'ctm_01', amount: '1000', currency: 'USD', status: 'completed' },
  },
  lemonsqueezy: {
    headers: { 'x-event-name': 'order_created' },
    body: {
      meta: { event_name: 'order_created' },
      data: {
        attributes: {
          user_email: 'john@example.com',
          total: 999,
          currency: 'USD',
          status: 'paid',
          first_order_item: { product_name: 'Template' },
        },
      },
    },
    sign: (body) => ({ 'x-signature': hex(body) }),
    type: 'order_created',
    key: '',
    data: { title: 'Template', sender: 'john@example.com', amount: 999, currency: 'USD', status: 'paid' },
  },
  square: {
    body: {
      merchant_id: 'M1',
      type: 'payment.updated',
      event_id: '6a8f5f28',
      data: {
        type: 'payment',
        id: 'p1',
        object: { payment: { amount_money: { amount: 100, currency: 'USD' }, status: 'COMPLETED' } },
      },
    },
    sign: (body) => ({ 'x-square-hmacsha256-signature': base64(`${URL_OF_SOURCE}${body}`) }),
    type: 'payment.updated',
    key: '6a8f5f28',
    data: { object: 'p1', merchant: 'M1', amount: 100, currency: 'USD', status: 'COMPLETED' },
  },
  razorpay: {
    headers: { 'x-razorpay-event-id': 'r1' },
    body: {
      event: 'payment.captured',
      payload: {
        payment: { entity: { id: 'pay_1', email: 'g@example.com', amount: 100, currency: 'INR', status: 'captured' } },
      },
    },
    sign: (body) => ({ 'x-razorpay-signature': hex(body) }),
    type: 'payment.captured',
    key: 'r1',
    data: { object: 'pay_1', sender: 'g@example.com', amount: 100, currency: 'INR', status: 'captured' },
  },
  paystack: {
    body: {
      event: 'charge.success',
      data: {
        reference: 'qTPrJoy9Bx',
        amount: 10000,
        currency: 'NGN',
        status: 'success',
        customer: { email: 'b@example.com' },
      },
    },
    sign: (body) => ({ 'x-paystack-signature': hex(body, 'sha512') }),
    type: 'charge.success',
    key: '',
    data: { title: 'qTPrJoy9Bx', sender: 'b@example.com', amount: 10000, currency: 'NGN', status: 'success' },
  },
  xero: {
    body: {
      events: [
        {
          resourceUrl: 'https://api.xero.com/api.xro/2.0/Contacts/717f',
          resourceId: '717f',
          tenantId: 'c2cc',
          eventCategory: 'CONTACT',
          eventType: 'UPDATE',
        },
      ],
      firstEventSequence: 1,
      lastEventSequence: 1,
    },
    sign: (body) => ({ 'x-xero-signature': base64(body) }),
    type: 'CONTACT.UPDATE',
    key: '',
    data: { object: '717f', url: 'https://api.xero.com/api.xro/2.0/Contacts/717f', tenant: 'c2cc' },
  },
  quickbooks: {
    body: {
      eventNotifications: [
        { realmId: '1185', dataChangeEvent: { entities: [{ name: 'Customer', id: '1', operation: 'Create' }] } },
      ],
    },
    sign: (body) => ({ 'intuit-signature': base64(body) }),
    type: 'Customer.Create',
    key: '',
    data: { object: '1', company: '1185' },
  },
  adyen: {
    body: {
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            additionalData: {
              hmacSignature: createHmac('sha256', Buffer.from(HEX_SECRET, 'hex'))
                .update('7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:true')
                .digest('base64'),
            },
            amount: { currency: 'EUR', value: 1130 },
            eventCode: 'AUTHORISATION',
            merchantAccountCode: 'TestMerchant',
            merchantReference: 'TestPayment-1407325143704',
            pspReference: '7914073381342284',
            success: 'true',
          },
        },
      ],
    },
    type: 'AUTHORISATION',
    key: '["7914073381342284","AUTHORISATION","true"]',
    data: {
      title: 'TestPayment-1407325143704',
      object: '7914073381342284',
      amount: 1130,
      currency: 'EUR',
      status: 'true',
    },
  },
  gocardless: {
    body: {
      events: [
        {
          id: 'EV00BD05S5VM2T',
          resource_type: 'subscriptions',
          action: 'created',
          links: { subscription: 'SB0003JJQ2MR06' },
          details: { cause: 'subscription_created', description: 'Subscription created via the API.' },
        },
        { id: 'EV00BD05TB8K63', resource_type: 'mandates', action: 'created', links: { mandate: 'MD000AMA19XGEC' } },
      ],
    },
    events: 2,
    sign: (body) => ({ 'webhook-signature': hex(body) }),
    type: 'subscriptions.created',
    key: 'EV00BD05S5VM2T',
    data: {
      title: 'Subscription created via the API.',
      object: 'SB0003JJQ2MR06',
      status: 'subscription_created',
    },
  },
  'coinbase-commerce': {
    body: {
      id: 1,
      attempt_number: 1,
      event: {
        id: '24934862-d980-46cb-9402-43c81b0cdba6',
        type: 'charge:created',
        data: {
          code: '66BEOV2A',
          name: 'The Sovereign Individual',
          hosted_url: 'https://commerce.coinbase.com/charges/66BEOV2A',
          pricing: { local: { amount: '9.99', currency: 'USD' } },
        },
      },
    },
    sign: (body) => ({ 'x-cc-webhook-signature': hex(body) }),
    type: 'charge:created',
    key: '24934862-d980-46cb-9402-43c81b0cdba6',
    data: {
      title: 'The Sovereign Individual',
      object: '66BEOV2A',
      amount: '9.99',
      currency: 'USD',
      url: 'https://commerce.coinbase.com/charges/66BEOV2A',
    },
  },
  revenuecat: {
    body: {
      api_version: '1.0',
      event: {
        id: 'evt_01HABCXYZ',
        type: 'INITIAL_PURCHASE',
        app_user_id: 'user_12345',
        product_id: 'premium_monthly',
        price_in_purchased_currency: 9.99,
        currency: 'USD',
        store: 'PLAY_STORE',
        environment: 'PRODUCTION',
      },
    },
    sign: () => ({ authorization: SECRET }),
    type: 'INITIAL_PURCHASE',
    key: 'evt_01HABCXYZ',
    data: {
      title: 'premium_monthly',
      sender: 'user_12345',
      amount: 9.99,
      currency: 'USD',
      store: 'PLAY_STORE',
      environment: 'PRODUCTION',
    },
  },
};

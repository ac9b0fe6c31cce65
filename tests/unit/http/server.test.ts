import express from 'express';
import request from 'supertest';
import type { Logger } from '../../../api/src/ops/logger.ts';
import { createHttpServer } from '../../../api/src/server.ts';
import { memoryLogger, thingsContract } from './support.ts';

it('shows no stack even when the answer to a fault fails', async () => {
  const silent = express.Router();
  const server = createHttpServer({
    contract: thingsContract(),
    logger: {
      ...memoryLogger(),
      error: () => {
        throw new Error('the disk is full');
      },
    } as unknown as Logger,
    trustProxy: false,
    ingest: silent,
    health: silent,
    management: () => {
      throw new Error('a fault of ours');
    },
    docs: silent,
  });
  const answer = await request(server).get('/api/v1/things');
  expect(answer.status).toBe(500);
  expect(answer.text).not.toMatch(/\.ts|node_modules|disk|ours/);
});

import { jest } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createHttpServer } from '../../../api/src/server.ts';
import { collectingLogger } from '../../support/logger.ts';
import { thingsContract } from './support.ts';

it('shows no stack even when the answer to a fault fails', async () => {
  const silent = express.Router();
  // Express tells the operator by itself, a moment after the answer: a logger that fails can't.
  const told = new Promise<unknown>((resolve) => {
    jest.spyOn(console, 'error').mockImplementation(resolve);
  });
  const { logger } = collectingLogger();
  jest.spyOn(logger, 'error').mockImplementation(() => {
    throw new Error('the disk is full');
  });
  const server = createHttpServer({
    contract: thingsContract(),
    logger,
    trustProxy: false,
    ingest: { router: silent, post: async () => undefined },
    hits: async () => undefined,
    health: silent,
    management: () => {
      throw new Error('a fault of ours');
    },
    docs: silent,
    console: silent,
  });
  const answer = await request(server).get('/api/v1/things');
  expect(answer.status).toBe(500);
  expect(answer.text).not.toMatch(/\.ts|node_modules|disk|ours/);
  expect(String(await told)).toMatch(/the disk is full/);
  jest.restoreAllMocks();
});

import ort from 'onnxruntime-node';

/** Opens a model for runs on one thread. Throws for a file that is no model. */
export function openSession(model: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    interOpNumThreads: 1,
    intraOpNumThreads: 1,
  });
}

export { storageAcceptance } from './acceptance.ts';
export { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { describeWithMinio } from './describe-with-minio.ts';
export { hasMinio, type Minio, startMinio } from './minio.ts';

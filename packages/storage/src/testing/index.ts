export { storageAcceptance } from './acceptance.ts';
export { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { describeWithMinio, type Minio, startMinio } from './minio.ts';

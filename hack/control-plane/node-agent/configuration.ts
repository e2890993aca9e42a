import type { CertificateFiles } from '../certificate-authority.ts';
import type { Connection } from '../kubernetes-client.ts';

/** What the control plane tells the node agent, by a file. */
export interface NodeAgentConfiguration {
  /** Identity for nodes and pods: what kubelets do. */
  kubelet: Connection;
  /** Identity for VirtualMachineInstances: KubeVirt undoes status changes of anyone but its own components. */
  handler: Connection;
  /** Whether there are machines to play at all. */
  hasKubevirt: boolean;
  handlerPort: number;
  handlerCertificate: CertificateFiles;
  kubeletPort: number;
  kubeletCertificate: CertificateFiles;
  /** Signed the clients of both servers. */
  certificateAuthorityFile: string;
}

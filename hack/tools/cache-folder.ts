import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where built tools are kept between runs and work trees: `$KUBE_EC2_CACHE`, else `$XDG_CACHE_HOME/kube-ec2`, else `~/.cache/kube-ec2`. */
export function cacheFolder(): string {
  const { KUBE_EC2_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own) return own;
  return shared ? join(shared, 'kube-ec2') : join(homedir(), '.cache', 'kube-ec2');
}

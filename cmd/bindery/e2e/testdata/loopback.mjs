// Preloaded (node --import) into a server that would listen on every interface: it listens on the loopback
// interface instead, and the port it got is on standard error.
import net from 'node:net';

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  this.once('listening', () => console.error(`loopback port ${this.address().port}`));
  return listen.call(this, {port: Number(port), host: '127.0.0.1'}, rest.find(a => typeof a === 'function'));
};

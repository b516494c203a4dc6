// Loaded before a server that knows no host option: whatever it listens on, it listens on 127.0.0.1.
'use strict'
const net = require('node:net')
const HOST = '127.0.0.1'
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (first, ...rest) {
  if (first !== null && typeof first === 'object' && 'port' in first) {
    return listen.call(this, { ...first, host: HOST }, ...rest)
  }
  if (typeof first === 'number' || /^\d+$/.test(first)) {
    return listen.call(this, Number(first), HOST, ...rest.filter((one) => typeof one !== 'string'))
  }
  return listen.call(this, first, ...rest)
}

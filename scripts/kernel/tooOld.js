// For a Node that cannot run the kernel: answers Jupyter just enough to report that in the notebook. Plain ES5.
'use strict';
var crypto = require('crypto');
var fs = require('fs');

/** @param {string} connectionFile @param {string} range the versions of Node that the project needs */
module.exports = function (connectionFile, range) {
  var words =
    'This kernel needs Node ' +
    range +
    ', and was started with Node ' +
    process.version +
    ' (' +
    process.execPath +
    '). Install a newer Node, then run: npm run kernel:install';
  console.error(words);
  var info = JSON.parse(fs.readFileSync(connectionFile, 'utf8'));
  var zmq = require('zeromq');
  var iopub = new zmq.Publisher();
  var count = 0;

  /** @param {any} socket @param {any[]} identities @param {string} type @param {object} content @param {any} parent */
  function send(socket, identities, type, content, parent) {
    var header = {
      msg_id: crypto.randomBytes(16).toString('hex'),
      msg_type: type,
      session: 'too-old',
      username: 'kernel',
      date: new Date().toISOString(),
      version: '5.3',
    };
    var parts = [header, parent, {}, content].map(function (part) {
      return JSON.stringify(part);
    });
    var hmac = crypto.createHmac('sha256', info.key);
    parts.forEach(function (part) {
      hmac.update(part);
    });
    return socket.send(identities.concat(['<IDS|MSG>', hmac.digest('hex')], parts));
  }

  /** @param {any} request @returns {any} */
  function replyTo(request) {
    var type = request.msg_type;
    if (type === 'kernel_info_request') {
      var language = { name: 'typescript', version: '', mimetype: 'text/typescript', file_extension: '.ts' };
      return {
        status: 'ok',
        protocol_version: '5.3',
        implementation: 'tslab',
        implementation_version: '',
        language_info: language,
        banner: words,
      };
    }
    if (type === 'execute_request') {
      count++;
      return {
        status: 'error',
        execution_count: count,
        ename: 'NodeTooOld',
        evalue: words,
        traceback: [words],
      };
    }
    return { status: 'ok', restart: false };
  }

  /** @param {any} socket */
  function serve(socket) {
    socket.receive().then(
      /** @param {any[]} frames */ function (frames) {
        var at = 0;
        while (String(frames[at]) !== '<IDS|MSG>') at++;
        var parent = JSON.parse(String(frames[at + 2]));
        var reply = replyTo(parent);
        send(iopub, [], 'status', { execution_state: 'busy' }, parent)
          .then(function () {
            if (reply.ename) return send(iopub, [], 'error', reply, parent);
          })
          .then(function () {
            return send(
              socket,
              frames.slice(0, at),
              parent.msg_type.replace(/_request$/, '_reply'),
              reply,
              parent,
            );
          })
          .then(function () {
            return send(iopub, [], 'status', { execution_state: 'idle' }, parent);
          })
          .then(function () {
            if (parent.msg_type === 'shutdown_request') process.exit(0);
            serve(socket);
          });
      },
    );
  }

  function beat() {
    void heartbeat
      .receive()
      .then(
        /** @param {any[]} frames */ function (frames) {
          return heartbeat.send(frames);
        },
      )
      .then(beat);
  }

  /** @param {number} port */
  function address(port) {
    return info.transport + '://' + info.ip + (info.transport === 'ipc' ? '-' : ':') + port;
  }

  var shell = new zmq.Router();
  var control = new zmq.Router();
  var stdin = new zmq.Router();
  var heartbeat = new zmq.Reply();
  void Promise.all([
    iopub.bind(address(info.iopub_port)),
    shell.bind(address(info.shell_port)),
    control.bind(address(info.control_port)),
    stdin.bind(address(info.stdin_port)),
    heartbeat.bind(address(info.hb_port)),
  ]).then(function () {
    serve(shell);
    serve(control);
    beat();
    // Keeps the sockets from being collected, and with them the process alive.
    setInterval(function () {
      return [stdin, heartbeat, iopub];
    }, 1000);
  });
};

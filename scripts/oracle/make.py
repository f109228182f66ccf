"""Writes PyTorch's values (float64) for every operation to lib/src/ops/testdata/reference.json, which tests read.

    python3 -m venv .venv && .venv/bin/pip install torch==2.13.0 numpy    (the build for the CPU is enough)
    .venv/bin/python scripts/oracle/make.py

To add a case: append a function's result to `CASES` (at its end: the random numbers go on from case to case), run this,
and add the case's type to lib/src/ops/testdata/oracle.ts.

Layouts are TensorFlow's: activations [batch, height, width, channels], kernels
[kernelHeight, kernelWidth, inChannels, outChannels], dense weights [in, out].
Every case holds its inputs, the output `y`, an upstream gradient `dy`, and the
gradients that PyTorch's autograd returns for that `dy`.
"""

import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = 1
FILE = Path(__file__).parents[2] / "lib/src/ops/testdata/reference.json"

g = torch.Generator().manual_seed(SEED)
torch.set_default_dtype(torch.float64)


def rand(*shape):
    return torch.randn(*shape, generator=g)


def pick(*options):
    return options[int(torch.randint(len(options), (1,), generator=g))]


def nhwc(t):
    return t.permute(0, 2, 3, 1)


def hwio(t):
    return t.permute(2, 3, 1, 0)


def dump(t):
    t = t.detach().contiguous()
    return {"shape": list(t.shape), "data": [float(f"{v:.12g}") for v in t.flatten().tolist()]}


def conv_cases(count):
    cases = []
    while len(cases) < count:
        n, cin, cout = pick(1, 2, 3), pick(1, 2, 3), pick(1, 2, 4)
        h, w = pick(4, 5, 7, 8, 9), pick(4, 6, 7, 8)
        kh, kw = pick((1, 1), (2, 2), (3, 3), (5, 5), (3, 2), (1, 3))
        sh, sw = pick((1, 1), (1, 1), (2, 2), (3, 3), (2, 1))
        ph, pw = pick((0, 0), (1, 1), (2, 2), (1, 0))
        dh, dw = pick((1, 1), (1, 1), (1, 1), (2, 2))
        if h + 2 * ph < dh * (kh - 1) + 1 or w + 2 * pw < dw * (kw - 1) + 1:
            continue
        x, k, b = rand(n, cin, h, w).requires_grad_(), rand(cout, cin, kh, kw).requires_grad_(), rand(cout).requires_grad_()
        y = F.conv2d(x, k, b, (sh, sw), (ph, pw), (dh, dw))
        dy = rand(*y.shape)
        y.backward(dy)
        cases.append({"strides": [sh, sw], "padding": [ph, pw], "dilations": [dh, dw],
                      "x": dump(nhwc(x)), "kernel": dump(hwio(k)), "bias": dump(b), "y": dump(nhwc(y)), "dy": dump(nhwc(dy)),
                      "dx": dump(nhwc(x.grad)), "dkernel": dump(hwio(k.grad)), "dbias": dump(b.grad)})
    return cases


def pool_cases(kind, count):
    cases = []
    while len(cases) < count:
        n, c, h, w = pick(1, 2), pick(1, 3), pick(4, 5, 7, 11), pick(4, 6, 9)
        k, s = pick((2, 2), (3, 3), (2, 3)), pick((1, 1), (2, 2), (3, 2))
        p = pick((0, 0), (0, 0), (1, 1))
        x = rand(n, c, h, w).requires_grad_()
        if kind == "max":
            y = F.max_pool2d(x, k, s, p)
        else:
            p = (0, 0)
            y = F.avg_pool2d(x, k, s)
        dy = rand(*y.shape)
        y.backward(dy)
        cases.append({"size": list(k), "strides": list(s), "padding": list(p), "x": dump(nhwc(x)), "y": dump(nhwc(y)),
                      "dy": dump(nhwc(dy)), "dx": dump(nhwc(x.grad))})
    return cases


def dense_cases(count):
    cases = []
    for _ in range(count):
        n, i, o = pick(1, 2, 5), pick(1, 3, 8), pick(1, 2, 10)
        x, w, b = rand(n, i).requires_grad_(), rand(i, o).requires_grad_(), rand(o).requires_grad_()
        y = x @ w + b
        dy = rand(*y.shape)
        y.backward(dy)
        cases.append({"x": dump(x), "weights": dump(w), "bias": dump(b), "y": dump(y), "dy": dump(dy),
                      "dx": dump(x.grad), "dweights": dump(w.grad), "dbias": dump(b.grad)})
    return cases


def activation_case(f):
    x = torch.cat([rand(3, 6) * 3, torch.tensor([[30.0, -30.0, 0.5, -0.5, 80.0, -80.0]]) + 0.0]).requires_grad_()
    y = f(x)
    dy = rand(*y.shape)
    y.backward(dy)
    return {"x": dump(x), "y": dump(y), "dy": dump(dy), "dx": dump(x.grad)}


def activation_cases():
    functions = {"relu": F.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softmax": lambda t: F.softmax(t, -1)}
    return {name: [activation_case(f)] for name, f in functions.items()}


def loss_cases():
    def case(f, x, target):
        x = x.requires_grad_()
        y = f(x, target)
        y.backward()
        return {"x": dump(x), "target": target.tolist(), "y": float(y.detach()), "dx": dump(x.grad)}
    labels = torch.randint(10, (6,), generator=g)
    big = rand(6, 10) * 40
    return {"softmaxCrossEntropy": [case(F.cross_entropy, rand(6, 10) * 3, labels), case(F.cross_entropy, big, labels)],
            "hinge": [case(lambda x, t: F.multi_margin_loss(x, t) * x.shape[1], rand(6, 10) * 3, labels)],
            "meanSquaredError": [case(F.mse_loss, rand(4, 3), rand(4, 3))]}


def optimizer_cases():
    cases = {}
    for name, make in {"sgd": lambda p: torch.optim.SGD(p, 0.1), "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
                       "adam": lambda p: torch.optim.Adam(p, 0.01)}.items():
        w = rand(7)
        p = nn.Parameter(w.clone())
        opt, grads, steps = make([p]), [], []
        for _ in range(6):
            p.grad = rand(7)
            grads.append(dump(p.grad))
            opt.step()
            steps.append(dump(p))
        cases[name] = {"w0": dump(w), "gradients": grads, "weights": steps}
    return cases


def network_case():
    """conv 10@5x5 pad 1, max-pool 2, ReLU, conv 20@5x5 pad 1, max-pool 2, ReLU, flatten (h, w, c), dense 50, ReLU, dense 10."""
    c1, c2, f1, f2 = nn.Conv2d(1, 10, 5, 1, 1), nn.Conv2d(10, 20, 5, 1, 1), nn.Linear(500, 50), nn.Linear(50, 10)
    params = [p for m in (c1, c2, f1, f2) for p in m.parameters()]
    with torch.no_grad():
        for p in params:
            p.copy_(rand(*p.shape) * 0.1)
    x, labels = torch.rand(4, 1, 28, 28, generator=g), torch.randint(10, (4,), generator=g)
    h = F.relu(F.max_pool2d(c1(x), 2))
    h = F.relu(F.max_pool2d(c2(h), 2))
    h = nhwc(h).flatten(1)
    logits = f2(F.relu(f1(h)))
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    layers = {"conv1": (c1, hwio), "conv2": (c2, hwio), "fc1": (f1, lambda t: t.T), "fc2": (f2, lambda t: t.T)}
    return {"x": dump(nhwc(x)), "labels": labels.tolist(), "logits": dump(logits), "loss": float(loss.detach()),
            "parameters": sum(p.numel() for p in params),
            "weights": {k: {"kernel": dump(l(m.weight)), "bias": dump(m.bias)} for k, (m, l) in layers.items()},
            "gradients": {k: {"kernel": dump(l(m.weight.grad)), "bias": dump(m.bias.grad)} for k, (m, l) in layers.items()}}


# In the order in which the random numbers are drawn.
CASES = {
    "conv2d": lambda: conv_cases(24),
    "maxPool2d": lambda: pool_cases("max", 10),
    "avgPool2d": lambda: pool_cases("avg", 8),
    "dense": lambda: dense_cases(5),
    "activations": activation_cases,
    "losses": loss_cases,
    "optimizers": optimizer_cases,
    "network": network_case,
}

values = {"torch": torch.__version__, "seed": SEED, **{name: make() for name, make in CASES.items()}}
before = json.loads(FILE.read_text()) if FILE.exists() else {}
for name in values:
    print(name + ":", "new" if name not in before else "as before" if values[name] == before[name] else "CHANGED")
FILE.write_text(json.dumps(values))

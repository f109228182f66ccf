"""PyTorch's side of the speedrun: one run of a goal's recipe, described by a JSON in the argument (see main.ts).

The same network, initial distribution, images, steps, schedule and loss; channels-last and fused Adam, the fastest of the
layouts and optimizers that `npm run bench:train` compares. Prints its result as a line of JSON.
"""

import json
import math
import os
import signal
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


def network(shape):
    first, second = shape["kernels"]
    norm = shape.get("norm", False)

    def stage(inputs, outputs, kernel):
        # Keras' momentum 0.9 is 0.1 here; its epsilon is 0.001.
        layers = [nn.Conv2d(inputs, outputs, kernel, bias=not norm), nn.MaxPool2d(2)]
        return layers + ([nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.1)] if norm else []) + [nn.ReLU()]

    model = nn.Sequential(
        *stage(1, first, 5), *stage(first, second, 3),
        nn.Flatten(), nn.Linear(second * 25, shape["units"]), nn.ReLU(), nn.Linear(shape["units"], 10),
    )  # fmt: skip
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model


def changed(images, limits):
    """Each image shifted (pixels), turned (degrees) and resized at random, by bilinear interpolation."""
    if not set(limits) <= {"shift", "rotate", "scale"}:
        raise ValueError(f"only shift, rotate and scale, not {limits}")
    count = len(images)

    def within(limit):
        return (2 * torch.rand(count) - 1) * limit

    angle = within(limits.get("rotate", 0) * math.pi / 180)
    scale = 1 + within(limits.get("scale", 0))
    shift = 2 * limits.get("shift", 0) / 28  # from −1 to 1 are 28 pixels
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    down, right = within(shift), within(shift)
    maps = torch.stack([cos, sin, right, -sin, cos, down], 1).view(count, 2, 3)
    grid = functional.affine_grid(maps, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False)


def read(folder, part):
    images = numpy.fromfile(os.path.join(folder, part + ".images"), dtype=numpy.float32).reshape(-1, 1, 28, 28)
    labels = numpy.fromfile(os.path.join(folder, part + ".labels"), dtype=numpy.uint8).astype(numpy.int64)
    return torch.from_numpy(images).to(memory_format=torch.channels_last), torch.from_numpy(labels)


def main():
    # Ctrl-C, which reaches all processes of a terminal, is for the one that started this to judge.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    task = json.loads(sys.argv[1])
    recipe, threads = task["recipe"], task["threads"]
    torch.set_num_threads(threads)
    torch.manual_seed(task["seed"])
    images, labels = read(task["folder"], "train")
    model = network(task["shape"]).to(memory_format=torch.channels_last)
    batch, epochs, rate = recipe["batchSize"], recipe["epochs"], recipe["learningRate"]
    start = time.perf_counter()
    seen = torch.randperm(len(images))[: recipe["images"]]
    optimizer = torch.optim.Adam(
        model.parameters(), lr=1e-3, betas=(recipe["adam"]["beta1"], recipe["adam"]["beta2"]), eps=1e-7, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate["oneCyclePeak"], total_steps=epochs * math.ceil(len(seen) / batch),
        pct_start=rate["rising"], cycle_momentum=False,
    )  # fmt: skip
    for _ in range(epochs):
        order = seen[torch.randperm(len(seen))]
        for at in range(0, len(order), batch):
            chosen = order[at : at + batch]
            x = images[chosen]
            if "augment" in recipe:
                x = changed(x, recipe["augment"])
            loss = functional.cross_entropy(model(x), labels[chosen], label_smoothing=recipe["labelSmoothing"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    model.eval()
    images, labels = read(task["folder"], "test")
    with torch.inference_mode():
        wrong = int((model(images).argmax(1) != labels).sum())
    print(json.dumps({
        "seconds": seconds, "imagesSeen": epochs * len(seen), "testErrors": wrong, "testImages": len(labels),
        "parameters": sum(p.numel() for p in model.parameters()),
        "by": f"PyTorch {torch.__version__}", "threads": threads,
    }))  # fmt: skip


main()

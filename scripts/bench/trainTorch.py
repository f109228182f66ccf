"""PyTorch's side of train.ts: reads commands and writes answers, one line of JSON each.

The same networks, images, batches and complete training step as the others: gather, forward, loss, backward, Adam.
"""

import json
import resource
import sys
import time

import numpy
import torch
from torch import nn


def two_conv_layers(width=1, side=28):
    """With `width` times as many kernels and hidden units, for images of `side` × `side`."""
    pooled = (((side - 2) // 2) - 2) // 2
    return nn.Sequential(
        nn.Conv2d(1, 10 * width, 5, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(10 * width, 20 * width, 5, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(20 * width * pooled**2, 50 * width), nn.ReLU(), nn.Linear(50 * width, 10),
    )  # fmt: skip


def keras_convnet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )  # fmt: skip


def dense_network():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


NETWORKS = {
    "twoConvLayers": two_conv_layers,
    "kerasConvnet": keras_convnet,
    "denseNetwork": dense_network,
    "twoConvLayers-x2": lambda: two_conv_layers(width=2),
    "twoConvLayers-x4": lambda: two_conv_layers(width=4),
    "twoConvLayers-56": lambda: two_conv_layers(side=56),
}


# Enough for allocators and caches to reach their full size.
STEPS_FOR_MEMORY = 20


class Contestant:
    def __init__(self, network, variant, batch, images, labels):
        torch.manual_seed(1)
        self.model = NETWORKS[network]()
        self.images, self.labels, self.batch = images, labels, batch
        if "channels-last" in variant:
            self.model = self.model.to(memory_format=torch.channels_last)
            self.images = images.to(memory_format=torch.channels_last)
        if "compiled" in variant:
            self.model = torch.compile(self.model)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, fused=("fused Adam" in variant))
        self.order = torch.randperm(len(images))
        self.at = 0

    def next_batch(self):
        if self.at + self.batch > len(self.order):
            self.at = 0
        indices = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        return self.images[indices], self.labels[indices]

    def train_step(self):
        x, y = self.next_batch()
        loss = nn.functional.cross_entropy(self.model(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def predict_step(self):
        x, _ = self.next_batch()
        nn.functional.softmax(self.model(x), dim=1)


def run(contestant, mode, seconds):
    """Images a second over at least `seconds`."""
    contestant.model.train(mode == "train")
    step = contestant.train_step if mode == "train" else contestant.predict_step
    done = 0
    start = time.perf_counter()
    with torch.inference_mode(mode == "predict"):
        while (elapsed := time.perf_counter() - start) < seconds:
            step()
            done += contestant.batch
    return done / elapsed


def main():
    contestants = {}
    images = labels = None
    for line in sys.stdin:
        command = json.loads(line)
        if command["command"] == "start":
            pixels = numpy.fromfile(command["images"], dtype=numpy.float32).reshape(-1, 1, 28, 28)
            images = torch.from_numpy(pixels)
            if command["network"] == "twoConvLayers-56":
                images = images.repeat_interleave(2, 2).repeat_interleave(2, 3)
            labels = torch.from_numpy(numpy.fromfile(command["labels"], dtype=numpy.uint8).astype(numpy.int64))
            baseline = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            torch.set_num_threads(max(command["threads"]))
            contestant = Contestant(command["network"], "default", command["batch"], images, labels)
            start = time.perf_counter()
            contestant.train_step()
            first_step = (time.perf_counter() - start) * 1000
            for _ in range(STEPS_FOR_MEMORY):
                contestant.train_step()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            answer = {"version": f"PyTorch {torch.__version__}", "firstStep": first_step,
                      "baseline": baseline, "peak": peak}
        else:
            key = command["variant"]
            torch.set_num_threads(command["threads"])
            if key not in contestants:
                contestants[key] = Contestant(command["network"], key, command["batch"], images, labels)
                run(contestants[key], "train", 0.1)
                run(contestants[key], "predict", 0.05)
            answer = {"imagesPerSecond": run(contestants[key], command["mode"], command["seconds"])}
        print(json.dumps(answer), flush=True)


main()

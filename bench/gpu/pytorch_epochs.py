"""Times an epoch of the paper's protocol in PyTorch on the first CUDA device, to compare with `ilgpu-distance profile`.

    python3 bench/gpu/pytorch_epochs.py MNIST_FOLDER

An epoch is what `ilgpu-distance train` does in one: forward, backward and plain SGD over the 60,000 training images (full batch,
or batches of 256), then the 10,000 test images forward. float32 throughout: TF32 is off. Each model runs eagerly, compiled
(`torch.compile`) and as a captured CUDA graph. OffsetL2 is written in two ways: "expanded", as the author's code does it, which
cancels for inputs near the prototype, and "direct", as this project computes it. Prints a Markdown table.
"""
import gzip
import statistics
import struct
import sys
import time

import torch
from torch import nn

BATCH = 256
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def read_idx(path):
    with gzip.open(path) as file:
        content = file.read()
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}i", content[4:4 + 4 * dimensions])
    return torch.frombuffer(bytearray(content[4 + 4 * dimensions:]), dtype=torch.uint8).reshape(shape)


class Abs(nn.Module):
    def forward(self, x):
        return x.abs()


class Neg(nn.Module):
    def forward(self, x):
        return -x


class OffsetL2(nn.Module):
    def __init__(self, inputs, outputs, expanded):
        super().__init__()
        self.mu = nn.Parameter(0.1 * torch.randn(outputs, inputs))
        self.alpha = nn.Parameter(torch.ones(outputs, inputs))
        self.expanded = expanded

    def forward(self, x):
        a = self.alpha ** 2
        if self.expanded:
            squares = (x ** 2) @ a.T + (self.mu ** 2 * a).sum(1) - 2 * x @ (self.mu * a).T
        else:
            squares = torch.stack([((x - mu) ** 2) @ weights for mu, weights in zip(self.mu, a)], 1)
        return squares.clamp(min=1e-12).sqrt()


MODELS = {
    "ReLU": lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10, bias=False)),
    "Abs-L2-Neg, expanded": lambda: nn.Sequential(nn.Linear(784, 128), Abs(), OffsetL2(128, 10, True), Neg()),
    "Abs-L2-Neg, direct": lambda: nn.Sequential(nn.Linear(784, 128), Abs(), OffsetL2(128, 10, False), Neg()),
}


def captured(work):
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def epoch_of(name, mode, full, train, test):
    """A function that trains an epoch, and waits for its end."""
    torch.manual_seed(0)
    model = MODELS[name]().cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    loss = nn.CrossEntropyLoss()
    forward = torch.compile(model) if mode == "compiled" else model
    # Where batches are taken in turn, a captured graph reads each from the same place.
    images, labels = train if full else (train[0][:BATCH].clone(), train[1][:BATCH].clone())

    def step():
        optimizer.zero_grad(set_to_none=False)
        logits = forward(images)
        loss(logits, labels).backward()
        optimizer.step()
        return (logits.argmax(1) == labels).sum()

    def evaluate():
        with torch.no_grad():
            return (forward(test[0]).argmax(1) == test[1]).sum()

    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
            evaluate()
    torch.cuda.current_stream().wait_stream(stream)
    if mode == "graph":
        step, evaluate = captured(step), captured(evaluate)

    def epoch():
        count = len(train[0])
        for begin in [0] if full else range(0, count, BATCH):
            if not full:
                begin = min(begin, count - BATCH)
                images.copy_(train[0][begin:begin + BATCH])
                labels.copy_(train[1][begin:begin + BATCH])
            step()
        evaluate()
        torch.cuda.synchronize()

    return epoch


def milliseconds(work):
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python3 bench/gpu/pytorch_epochs.py MNIST_FOLDER")
    if not torch.cuda.is_available():
        sys.exit("error: PyTorch finds no CUDA device")

    def load(split):
        images = read_idx(f"{sys.argv[1]}/{split}-images-idx3-ubyte.gz").reshape(-1, 784).float().cuda()
        return images, read_idx(f"{sys.argv[1]}/{split}-labels-idx1-ubyte.gz").long().cuda()

    train, test = load("train"), load("t10k")
    print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}; ms per epoch: median (least to most)\n")
    print("| model | batch | mode | ms per epoch |\n|---|---|---|--:|")
    for name in MODELS:
        for mode in ["eager", "compiled", "graph"]:
            for full in [True, False]:
                epoch = epoch_of(name, mode, full, train, test)
                for _ in range(3):
                    epoch()
                times = [milliseconds(epoch) for _ in range(50 if full else 9)]
                print(f"| {name} | {'full' if full else BATCH} | {mode} "
                      f"| {statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f}) |", flush=True)


if __name__ == "__main__":
    main()

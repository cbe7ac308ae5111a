"""Makes the figures of tests/Gpu.Tests/Golden/Optimizers with torch.optim: 25 steps in float64 on the networks of models.py.

    python optimizers.py            writes all files
    python optimizers.py --check    compares them with what is there

A file is an optimizer: the text by which this program knows it, the learning rate, and for some networks, so that there is every
kind of layer, the losses before each step and after the last, and the parameters after it.
"""

import argparse
import json
import math
import sys

import torch

from models import GOLDEN, TOLERANCE, difference, logits, shape, tensor

STEPS = 25
NETWORKS = ["Abs-Bias", "ReLU2", "Abs-L2-Neg.paper", "ReLU-L2.reference", "L2.paper", "ReLU-L1-Neg", "ReLU2-PointSlope"]

# The file, the optimizer as this program writes it, the learning rate, and PyTorch's.
OPTIMIZERS = [
    ("sgd-decay", "sgd(weight-decay: 0.01)", 0.05, lambda p, lr: torch.optim.SGD(p, lr, weight_decay=0.01)),
    ("momentum", "momentum(0.9)", 0.01, lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9)),
    (
        "momentum-nesterov",
        "momentum(0.8, nesterov: true, weight-decay: 0.01)",
        0.01,
        lambda p, lr: torch.optim.SGD(p, lr, momentum=0.8, nesterov=True, weight_decay=0.01),
    ),
    ("adam", "adam(0.9, 0.999)", 0.003, lambda p, lr: torch.optim.Adam(p, lr)),
    (
        "adam-decay",
        "adam(0.8, 0.95, epsilon: 1e-06, weight-decay: 0.1)",
        0.003,
        lambda p, lr: torch.optim.AdamW(p, lr, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    ),
]


def figures(optimizer):
    _, name, rate, create = optimizer
    networks = {network: train(json.loads((GOLDEN / f"{network}.json").read_text()), rate, create) for network in NETWORKS}
    return {"optimizer": name, "learning_rate": rate, "networks": networks}


def train(case, rate, create):
    x = tensor(case["x"], case["samples"], case["inputs"])
    labels = torch.tensor(case["labels"])
    p = {name: tensor(v, *shape(case, name, len(v))).requires_grad_() for name, v in case["parameters"].items()}
    steps, losses = create(list(p.values()), rate), []
    for _ in range(STEPS):
        steps.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits(case, p, x), labels)
        loss.backward()
        losses.append(loss.item())
        steps.step()
    losses.append(torch.nn.functional.cross_entropy(logits(case, p, x), labels).item())
    return {"losses": losses, "parameters": {name: value.detach().flatten().tolist() for name, value in p.items()}}


def text(made):
    lines = (f'    "{name}": {json.dumps(network, separators=(",", ":"))}' for name, network in made["networks"].items())
    head = f'  "optimizer": {json.dumps(made["optimizer"])},\n  "learning_rate": {made["learning_rate"]},\n'
    return "{\n" + head + '  "networks": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files, and write nothing")
    check = parser.parse_args().check
    folder, worst = GOLDEN / "Optimizers", 0
    folder.mkdir(exist_ok=True)
    for optimizer in OPTIMIZERS:
        path, made = folder / f"{optimizer[0]}.json", figures(optimizer)
        if check:
            worst = max(worst, difference(json.loads(path.read_text()), made) if path.exists() else math.inf)
        else:
            path.write_text(text(made))
    strangers = {path.stem for path in folder.glob("*.json")} - {optimizer[0] for optimizer in OPTIMIZERS}
    if strangers:
        sys.exit(f"nothing here makes {', '.join(sorted(strangers))}")
    print(f"{len(OPTIMIZERS)} files"
          + (f", largest relative difference {worst:.1e}" if check else " written") + f"; PyTorch {torch.__version__}")
    sys.exit(0 if worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()

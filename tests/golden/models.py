"""Makes the figures of tests/Gpu.Tests/Golden with PyTorch: float64 autograd, on the CPU, from float32 inputs.

    python models.py            writes all files
    python models.py --check    compares them with what is there

A file holds its inputs (samples, labels, parameters, learning rate) beside the figures, and keeps them: whoever writes it again
gets the same figures, up to the last digits. Only a file that is not there yet draws its inputs.
"""

import argparse
import json
import math
import random
import struct
import sys
from pathlib import Path

import torch

GOLDEN = Path(__file__).resolve().parent.parent / "Gpu.Tests" / "Golden"
TOLERANCE = 1e-12  # Relative to the largest value of a tensor: versions of PyTorch add up in different orders.
SMALLEST_SQUARED_DISTANCE = 1e-12

LINEAR_MODELS = ["ReLU", "Abs", "ReLU2", "Abs2", "ReLU2-Neg", "Abs2-Neg"]
L1_MODELS = ["ReLU-L1", "Abs-L1", "ReLU-L1-Neg", "Abs-L1-Neg"]
DISTANCE_MODELS = ["ReLU-L2", "Abs-L2", "L2", "ReLU-L2-Neg", "Abs-L2-Neg", "L2-Neg"]
FORMS = ["paper", "reference"]


# ---------------------------------------------------------------- layers


def offset_l2(x, mu, alpha, form):
    """y_j = sqrt(max(sum_i a_ji (x_i - mu_ji)^2, 1e-12)), a = alpha^2 (paper form) or alpha (reference form)."""
    weight = alpha**2 if form == "paper" else alpha
    squares = (weight * (x.unsqueeze(1) - mu) ** 2).sum(2)
    return squares.clamp(min=SMALLEST_SQUARED_DISTANCE).sqrt()


def offset_l1(x, mu, alpha):
    """y_j = sum_i |alpha_ji| |x_i - mu_ji|."""
    return (alpha.abs() * (x.unsqueeze(1) - mu).abs()).sum(2)


def point_slope(x, weight, offset):
    """y_j = sum_i w_ji (x_i - c_ji)."""
    return (weight * (x.unsqueeze(1) - offset)).sum(2)


def logits(case, p, x):
    """The network of a file: linear, activation, and then linear, OffsetL2, OffsetL1 or PointSlope."""
    model = case["model"]
    activate = torch.abs if model.startswith("Abs") else torch.relu
    y = torch.nn.functional.linear(x, p["0.weight"], p["0.bias"])
    if not model.startswith("L2"):
        y = activate(y)
    if "L2" in model:
        y = offset_l2(y, last(p, "mu"), last(p, "alpha"), case["offset_l2_form"])
    elif "L1" in model:
        y = offset_l1(y, last(p, "mu"), last(p, "alpha"))
    elif "PointSlope" in model:
        y = activate(point_slope(y, last(p, "weight"), last(p, "offset")))
    else:
        y = torch.nn.functional.linear(y, last(p, "weight"), p.get("2.bias"))
        y = activate(y) if "2" in model else y
    return -y if "-Neg" in model else y


def last(p, name):
    """A parameter of the last layer that has some: layer 2, or layer 1 where there is no activation."""
    return p["2." + name] if "2." + name in p else p["1." + name]


# ---------------------------------------------------------------- what a file says


def tensor(values, *shape):
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def shape(case, name, count):
    if name == "0.weight":
        return case["hidden"], case["inputs"]
    if name.endswith(".bias"):
        return (count,)
    return case["classes"], case["hidden"]


def model_figures(case):
    """Logits, loss, gradients, and 25 steps of plain SGD over all samples."""
    x = tensor(case["x"], case["samples"], case["inputs"])
    labels = torch.tensor(case["labels"])
    p = {name: tensor(v, *shape(case, name, len(v))).requires_grad_() for name, v in case["parameters"].items()}

    def loss_of():
        return torch.nn.functional.cross_entropy(logits(case, p, x), labels)

    def gradients(loss):
        return torch.autograd.grad(loss, list(p.values()))

    loss = loss_of()
    first = gradients(loss)
    losses = []
    for _ in range(case["sgd"]["steps"]):
        step_loss = loss_of()
        losses.append(step_loss.item())
        for value, gradient in zip(p.values(), gradients(step_loss)):
            with torch.no_grad():
                value -= case["sgd"]["learning_rate"] * gradient
    start = {name: tensor(v, *shape(case, name, len(v))) for name, v in case["parameters"].items()}
    return {
        **{key: case[key] for key in case if key not in ("logits", "loss", "gradients", "sgd")},
        "logits": flat(logits(case, start, x)),
        "loss": loss.item(),
        "gradients": {name: flat(g) for name, g in zip(p, first)},
        "sgd": {
            "learning_rate": case["sgd"]["learning_rate"],
            "steps": case["sgd"]["steps"],
            "losses": losses,
            "final_loss": loss_of().item(),
            "parameters": {name: flat(v) for name, v in p.items()},
        },
    }


def kink_figures(case, activate):
    """Values and derivatives around the kink of an activation."""
    x = tensor(case["input"], -1).requires_grad_()
    y = activate(x)
    (gradient,) = torch.autograd.grad(y.sum(), [x])
    return {"input": case["input"], "output": flat(y), "gradient_of_sum": flat(gradient)}


def layer_figures(case, names, layer):
    """One layer of two outputs on two samples of three values, the first sample on the point of output 0."""
    x = tensor(case["input"], 2, 3).requires_grad_()
    p = [tensor(case[name], 2, 3).requires_grad_() for name in names]
    y = layer(x, *p)
    outputs = tensor(case["output_gradient"], 2, 2)
    found = torch.autograd.grad(y, [x, *p], grad_outputs=outputs)
    return {
        **{key: case[key] for key in ("note", "input", *names)},
        "output": flat(y),
        "output_gradient": case["output_gradient"],
        **{name + "_gradient": flat(g) for name, g in zip(("input", *names), found)},
    }


def flat(value):
    return value.detach().flatten().tolist()


# ---------------------------------------------------------------- inputs of files that are not there yet


def drawn(name):
    """What is new shares samples and first layer with the other models, so that they can be compared."""
    if name == "edge-point-slope":
        return {
            "note": "row 0 lies exactly on point 0",
            "input": [1, 2, 3, 0.5, 0.25, -1],
            "weight": [1, -1, 0.5, 2, -0.5, 1],
            "offset": [1, 2, 3, 0, 0, 0],
            "output_gradient": [1, 2, 3, 4],
        }
    if name == "edge-offset-l1":
        return {
            "note": "row 0 lies exactly on prototype 0, and one weight is 0",
            "input": [1, 2, 3, 0.5, 0.25, -1],
            "mu": [1, 2, 3, 0, 0, 0],
            "alpha": [1, -1, 0.5, 2, 0, -1],
            "output_gradient": [1, 2, 3, 4],
        }
    if name in L1_MODELS:
        case = json.loads((GOLDEN / f"{name.replace('L1', 'L2')}.paper.json").read_text())
        del case["offset_l2_form"]
        case["model"] = name
        # Weights of either sign: those of the L2 models are all positive.
        case["parameters"]["2.alpha"] = [v if i % 3 else -v for i, v in enumerate(case["parameters"]["2.alpha"])]
        return case
    if name != "ReLU2-PointSlope":
        raise SystemExit(f"{name}.json is not there, and no inputs are known for it")
    case = json.loads((GOLDEN / "ReLU2.json").read_text())
    case["model"] = name
    numbers = random.Random(name)
    count, bound = case["classes"] * case["hidden"], 1 / math.sqrt(case["hidden"])
    case["parameters"]["2.weight"] = [float32(numbers.uniform(-bound, bound)) for _ in range(count)]
    case["parameters"]["2.offset"] = [float32(numbers.gauss(0, 0.1)) for _ in range(count)]
    return case


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


# ---------------------------------------------------------------- files


def files():
    """Each file's name, and what makes its figures from its inputs."""
    for model in LINEAR_MODELS:
        yield model, model_figures
        yield model + "-Bias", model_figures
    for model in DISTANCE_MODELS:
        for form in FORMS:
            yield f"{model}.{form}", model_figures
    for model in L1_MODELS:
        yield model, model_figures
    yield "ReLU2-PointSlope", model_figures
    yield "edge-abs", lambda case: kink_figures(case, torch.abs)
    yield "edge-relu", lambda case: kink_figures(case, torch.relu)
    for form in FORMS:
        yield f"edge-offset-l2.{form}", lambda case, form=form: layer_figures(
            case, ("mu", "alpha"), lambda x, mu, alpha: offset_l2(x, mu, alpha, form)
        )
    yield "edge-offset-l1", lambda case: layer_figures(case, ("mu", "alpha"), offset_l1)
    yield "edge-point-slope", lambda case: layer_figures(case, ("weight", "offset"), point_slope)


def difference(a, b):
    """The largest difference of two values of the same structure, each relative to the largest value beside it."""
    if isinstance(a, dict):
        return max((difference(a[key], b[key]) for key in a), default=0) if list(a) == list(b) else math.inf
    if isinstance(a, list):
        scale = max(map(abs, a), default=0)
        return max((abs(v - w) for v, w in zip(a, b)), default=0) / (scale or 1) if len(a) == len(b) else math.inf
    if isinstance(a, str):
        return 0 if a == b else math.inf
    return abs(a - b) / (abs(a) or 1)


def text(case):
    def number(value):
        if isinstance(value, dict):
            return {key: number(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [number(inner) for inner in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    lines = (f'"{key}": {json.dumps(number(value), separators=(",", ":"))}' for key, value in case.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files, and write nothing")
    check = parser.parse_args().check
    names, worst = [], 0
    for name, figures in files():
        path = GOLDEN / f"{name}.json"
        case = json.loads(path.read_text()) if path.exists() else drawn(name)
        made = figures(case)
        names.append(name)
        if check:
            worst = max(worst, difference(case, made) if path.exists() else math.inf)
            if not difference(case, made) <= TOLERANCE:
                print(f"{name}: differs by {difference(case, made):.1e}", file=sys.stderr)
        else:
            path.write_text(text(made))
    strangers = {path.stem for path in GOLDEN.glob("*.json")} - set(names)
    if strangers:
        sys.exit(f"nothing here makes {', '.join(sorted(strangers))}")
    print(f"{len(names)} files"
          + (f", largest relative difference {worst:.1e}" if check else " written") + f"; PyTorch {torch.__version__}")
    sys.exit(0 if worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()

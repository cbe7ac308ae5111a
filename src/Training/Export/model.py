"""A network of IlgpuDistance for PyTorch: {network}, trained on {dataset}.

    import model
    network = model.load()                      # an nn.Sequential in eval mode, with the parameters of model.safetensors
    logits = network(model.scaled(pixels))      # pixels: [samples, {inputs}], as the data holds them

The keys of the parameters are those of the nn.Sequential: layer index and name, e.g. 0.weight. All weights, mu and alpha are
[outputs, inputs], a bias is [outputs].
"""

import json
import math
from pathlib import Path

import torch
from torch import nn

SCALE = {scale}
SHIFT = {shift}


def network():
    """The network with new parameters, drawn as IlgpuDistance draws them (other random numbers)."""
    return nn.Sequential(
{layers}
    )


def scaled(pixels):
    """What the network sees of the values of the data: SCALE · value + SHIFT, float32."""
    return SCALE * torch.as_tensor(pixels).float() + SHIFT


def load(path=Path(__file__).with_name("model.safetensors")):
    """The network with the parameters of a safetensors file."""
    loaded = network()
    loaded.load_state_dict(read(path))
    return loaded.eval()


def read(path):
    """The tensors of a safetensors file of float32, without the package of that name."""
    data = bytearray(Path(path).read_bytes())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: torch.frombuffer(
            data, dtype=torch.float32, offset=8 + length + tensor["data_offsets"][0], count=math.prod(tensor["shape"])
        ).reshape(tensor["shape"])
        for name, tensor in header.items()
    }


def train(network, pixels, labels, epochs=5000, rate=0.001):
    """The paper's protocol: one step of plain gradient descent per epoch, over all samples."""
    x, y = scaled(pixels), torch.as_tensor(labels).long()
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    network.train()
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
    return network.eval()


class Abs(nn.Module):
    """y = |x|"""

    def forward(self, x):
        return x.abs()


class Neg(nn.Module):
    """y = -x"""

    def forward(self, x):
        return -x


class Prototypes(nn.Module):
    """Distances to learned prototypes: mu begins as N(0, 0.1), alpha as 1."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.mu = nn.Parameter(0.1 * torch.randn(outputs, inputs))
        self.alpha = nn.Parameter(torch.ones(outputs, inputs))


class OffsetL2(Prototypes):
    """y_j = sqrt(max(sum_i a_ji (x_i - mu_ji)^2, 1e-12)) with a = alpha^2 in the paper's form, alpha in the reference form."""

    def __init__(self, inputs, outputs, form="paper"):
        super().__init__(inputs, outputs)
        self.form = form

    def forward(self, x):
        a = self.alpha**2 if self.form == "paper" else self.alpha
        return (a * (x.unsqueeze(1) - self.mu) ** 2).sum(2).clamp(min=1e-12).sqrt()


class OffsetL1(Prototypes):
    """y_j = sum_i |alpha_ji| |x_i - mu_ji|"""

    def forward(self, x):
        return (self.alpha.abs() * (x.unsqueeze(1) - self.mu).abs()).sum(2)


class PointSlope(nn.Module):
    """y_j = sum_i w_ji (x_i - c_ji): weight begins in ±sqrt(2 / inputs), offset as 0."""

    def __init__(self, inputs, outputs):
        super().__init__()
        bound = math.sqrt(2 / inputs)
        self.weight = nn.Parameter(torch.empty(outputs, inputs).uniform_(-bound, bound))
        self.offset = nn.Parameter(torch.zeros(outputs, inputs))

    def forward(self, x):
        return (self.weight * (x.unsqueeze(1) - self.offset)).sum(2)

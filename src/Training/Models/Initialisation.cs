using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// Initial parameters. Each value depends only on the seed, the run, the layer's index and the role of its tensor: the same
/// on every device and in any order of runs, and the same first layer in networks that differ after it, so that runs of
/// different models with the same seed can be compared in pairs.
/// </summary>
/// <remarks>
/// Weights and biases are uniform in ±1/√(fan-in), as PyTorch's <c>nn.Linear</c> draws them; μ ~ Normal(0, 0.1²), α = 1 and
/// the offsets of PointSlope are 0, as in the code published with arXiv:2502.02103.
/// </remarks>
public static class Initialisation
{
    /// <summary>Standard deviation of the initial prototypes.</summary>
    public const double PrototypeDeviation = 0.1;

    /// <summary>Draws all parameters.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="seed">The seed of all runs.</param>
    /// <param name="run">Which of several runs with this seed, counted from 0.</param>
    /// <returns>[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</returns>
    /// <exception cref="MemoryException">They do not fit into memory.</exception>
    public static float[] Draw(NetworkPlan plan, long seed, int run = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(run);
        float[] parameters = HostMemory.Allocate<float>(plan.ParameterCount, $"parameters of \"{plan.Network}\"");
        foreach (PlannedLayer layer in plan.Layers)
        {
            foreach (ParameterTensor tensor in layer.Tensors)
                Fill(parameters.AsSpan(tensor.Offset, tensor.Count), layer.Index, tensor, (ulong)seed, run);
        }
        return parameters;
    }

    private static void Fill(Span<float> values, int layer, ParameterTensor tensor, ulong seed, int run)
    {
        switch (tensor.Role)
        {
            case ParameterRole.Weight or ParameterRole.Bias:
                var purpose = tensor.Role == ParameterRole.Weight ? RandomPurpose.Weight : RandomPurpose.Bias;
                var uniform = new RandomSequence(seed, run, purpose, layer);
                double bound = 1 / Math.Sqrt(tensor.FanIn);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)((2 * uniform.Uniform(i) - 1) * bound);
                break;
            case ParameterRole.Mu:
                var normal = new RandomSequence(seed, run, RandomPurpose.Prototype, layer);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(PrototypeDeviation * normal.Normal(i));
                break;
            case ParameterRole.Alpha:
                values.Fill(1);
                break;
            case ParameterRole.Offset:
                values.Clear();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Role, "no initial values are defined for this role");
        }
    }
}

using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// Initial parameters. Each value depends only on the seed, the run, the layer's index and the role of its tensor: the same
/// on every device and in any order of runs, and the same first layer in networks that differ after it, so that runs of
/// different models with the same seed can be compared in pairs.
/// </summary>
/// <remarks>
/// The layers say how their parameters begin (<see cref="InitialValues"/>): as in the code published with arXiv:2502.02103.
/// </remarks>
public static class Initialisation
{
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
        RandomSequence Sequence() => new(seed, run, PurposeOf(tensor.Role), layer);
        switch (tensor.Description.Initial)
        {
            case UniformValues { Factor: var factor }:
                RandomSequence uniform = Sequence();
                double bound = factor / Math.Sqrt(tensor.FanIn);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)((2 * uniform.Uniform(i) - 1) * bound);
                break;
            case NormalValues { Deviation: var deviation }:
                RandomSequence normal = Sequence();
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(deviation * normal.Normal(i));
                break;
            case EqualValues { Value: var value }:
                values.Fill(value);
                break;
            case var other:
                throw new NotSupportedException($"no way to draw {other} for {tensor.Name}");
        }
    }

    /// <summary>What the random numbers for tensors of a role are drawn for.</summary>
    private static RandomPurpose PurposeOf(ParameterRole role) => role switch
    {
        ParameterRole.Weight => RandomPurpose.Weight,
        ParameterRole.Bias => RandomPurpose.Bias,
        ParameterRole.Mu => RandomPurpose.Prototype,
        _ => throw new NotSupportedException($"no random numbers are set apart for {role}"),
    };
}

using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The distances of samples from Gaussians with independent coordinates, one for each class: sqrt(Σ_i ((x_i − m_i) / σ_i)²) over
/// the coordinates with σ_i &gt; 0. That is what an OffsetL2 layer with μ = m and α = 1/σ computes, so one is put in the place of
/// the network's own.
/// </summary>
internal static class GaussianDistance
{
    /// <summary>Ranks the images by their distance from each Gaussian.</summary>
    /// <param name="subject">A network that ends in OffsetL2, which is in <paramref name="layer"/>.</param>
    /// <param name="split">The images.</param>
    /// <param name="layer">The OffsetL2 layer.</param>
    /// <param name="gaussians">Mean and variance of each coordinate, for each class; null makes all distances equal.</param>
    public static IDeviceRanks Rank(
        AnalysisSubject subject, Split split, int layer, IReadOnlyList<(double[] Means, double[] Variances)?> gaussians)
    {
        AnalysisSubject related = subject.Related(new Network([.. subject.Plan.Network.Layers.Take(layer), new OffsetL2(gaussians.Count)]));
        PlannedLayer planned = related.Plan.Layers[layer];
        float[] parameters = new float[related.Plan.ParameterCount];
        ParameterTensor mu = planned.Find(ParameterRole.Mu)!, alpha = planned.Find(ParameterRole.Alpha)!;
        // The layers in front have the same parameters at the same places.
        subject.Parameters.AsSpan(0, mu.Offset).CopyTo(parameters);
        for (int j = 0; j < gaussians.Count; j++)
        {
            if (gaussians[j] is not var (means, variances))
                continue;
            for (int i = 0; i < planned.Inputs; i++)
            {
                parameters[mu.Offset + j * planned.Inputs + i] = (float)means[i];
                parameters[alpha.Offset + j * planned.Inputs + i] = variances[i] > 0 ? (float)(1 / Math.Sqrt(variances[i])) : 0;
            }
        }
        related.Load(parameters);
        using IDeviceActivations distances = related.Activations(split, layer);
        _ = related.Checked(distances.Sum(threshold: 0), layer);
        return distances.Rank();
    }
}

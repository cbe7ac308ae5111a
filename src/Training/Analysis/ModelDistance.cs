using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// The distances of samples from distributions with independent coordinates, one for each class, over the coordinates that vary:
/// for Gaussians sqrt(Σ_i ((x_i − m_i) / σ_i)²). That is what a layer of distances computes whose prototypes are the centers and
/// whose weights invert the spreads, so one is put in the place of the network's own.
/// </summary>
internal static class ModelDistance
{
    /// <summary>Ranks the images by their distance from each distribution.</summary>
    /// <param name="subject">A network that ends in a layer of distances, which is in <paramref name="layer"/>.</param>
    /// <param name="split">The images.</param>
    /// <param name="layer">That layer.</param>
    /// <param name="models">Center and spread of each coordinate, for each class; null makes all distances equal.</param>
    public static IDeviceRanks Rank(
        AnalysisSubject subject, Split split, int layer, IReadOnlyList<(double[] Centers, double[] Spreads)?> models)
    {
        DistanceLayer distances = ((DistanceLayer)subject.Plan.Layers[layer].Layer).Scaled(models.Count);
        AnalysisSubject related = subject.Related(new Network([.. subject.Plan.Network.Layers.Take(layer), distances]));
        PlannedLayer planned = related.Plan.Layers[layer];
        float[] parameters = new float[related.Plan.ParameterCount];
        ParameterTensor mu = planned.Find(ParameterRole.Mu)!, alpha = planned.Find(ParameterRole.Alpha)!;
        // The layers in front have the same parameters at the same places.
        subject.Parameters.AsSpan(0, mu.Offset).CopyTo(parameters);
        for (int j = 0; j < models.Count; j++)
        {
            if (models[j] is not var (centers, spreads))
                continue;
            for (int i = 0; i < planned.Inputs; i++)
            {
                parameters[mu.Offset + j * planned.Inputs + i] = (float)centers[i];
                parameters[alpha.Offset + j * planned.Inputs + i] = spreads[i] > 0 ? (float)(1 / spreads[i]) : 0;
            }
        }
        related.Load(parameters);
        using IDeviceActivations activations = related.Activations(split, layer);
        _ = related.Checked(activations.Sum(threshold: 0), layer);
        return activations.Rank();
    }
}

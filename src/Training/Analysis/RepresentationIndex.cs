using System.Text.Json.Serialization;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Whether outputs measure distance or intensity: for each output, before any negation, the probability that a random sample of
/// its class has a larger activation than a random sample of another class, where equal ones count half; that is the area under
/// the ROC curve. 1 is a perfect intensity node, 0 a perfect distance node, and 0.5 says nothing about the class.
/// </summary>
public sealed record RepresentationIndex
{
    /// <summary>The last layer that is no negation.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>The index of each output; NaN where its class has no sample, or no other class has one.</summary>
    public required double[] Outputs { get; init; }

    /// <summary>The mean over the outputs that have an index.</summary>
    [JsonIgnore]
    public double Mean => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The smallest index of an output.</summary>
    [JsonIgnore]
    public double Smallest => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    /// <summary>The largest index of an output.</summary>
    [JsonIgnore]
    public double Largest => Outputs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
}

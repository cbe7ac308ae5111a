using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>A layer in the record of an analysis.</summary>
/// <param name="Index">Its position in the network, from 0.</param>
/// <param name="Text">The layer as networks are written, e.g. <c>relu</c>.</param>
/// <param name="Feeds">
/// The layer with parameters that reads its output, through elementwise layers or not; null behind the last one.
/// </param>
internal sealed record AnalyzedLayer(int Index, string Text, int? Feeds) : IChecked
{
    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Index, 0);
        Expect.Name(Text);
        Expect.InRange(Feeds ?? int.MaxValue, Index + 1L, name: nameof(Feeds));
    }

    /// <summary>Whether a layer with parameters comes after it.</summary>
    [JsonIgnore]
    public bool IsHidden => Feeds is not null;

    /// <summary>How tables name it: <c>relu, hidden (layer 1)</c>.</summary>
    [JsonIgnore]
    public string Title => $"{Text}, {(IsHidden ? "hidden" : "output")} (layer {Index})";

    /// <summary>Describes a layer of a plan.</summary>
    public static AnalyzedLayer Of(NetworkPlan plan, int index) =>
        new(index, plan.Layers[index].Layer.ToString(),
            plan.Layers.Skip(index + 1).FirstOrDefault(layer => layer.HasParameters)?.Index);
}

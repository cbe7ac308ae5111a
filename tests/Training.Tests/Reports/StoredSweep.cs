using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Records;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>A <see cref="StoredExperiment"/> whose models are variants, with chosen accuracies.</summary>
internal sealed class StoredSweep : IDisposable
{
    private readonly StoredExperiment _experiment;
    private readonly List<(string Name, string Model, (string Option, string Value)[] Varied)> _variants = [];

    public StoredSweep(int runs = 3) => _experiment = new StoredExperiment(runs: runs);

    public void Dispose() => _experiment.Dispose();

    /// <summary>Adds a variant and its finished runs, or those that diverged.</summary>
    public StoredSweep Add(
        string model, string network, (string Option, string Value)[] varied, double[] accuracies, int diverged = 0)
    {
        string name = $"{model}, {string.Join(", ", varied.Select(option => $"{option.Option} {option.Value}"))}";
        _variants.Add((name, model, varied));
        _experiment.Add(name, network, accuracies);
        for (int run = 0; run < diverged; run++)
            _experiment.WriteRun(name, network, accuracies.Length + run, 10, "diverged", "the loss of epoch 3 is NaN");
        return this;
    }

    /// <summary>The records, read from the folder.</summary>
    public ExperimentRecords Read()
    {
        string path = _experiment["experiment.json"];
        JsonObject description = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var (model, variant) in description["models"]!.AsArray().Zip(_variants))
        {
            model!["model"] = variant.Model;
            model["varied"] = JsonSerializer.SerializeToNode(
                variant.Varied.ToDictionary(option => option.Option, option => option.Value));
        }
        File.WriteAllText(path, description.ToJsonString());
        return ExperimentRecords.Read(_experiment.Folder);
    }
}

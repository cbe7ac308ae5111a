using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>All analysed runs of one model.</summary>
/// <param name="Name">The paper's name of the model, or its layers.</param>
/// <param name="Network">Its layers.</param>
/// <param name="Runs">The runs, at least one.</param>
internal sealed record ModelAnalysis(string Name, string Network, IReadOnlyList<RunAnalysis> Runs) : IChecked
{
    /// <summary>What the file of an analysis has: tables put side by side what the runs have at the same place.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Runs);
        Expect.Name(Name);
        Expect.Name(Network);
        Expect.Length(Runs.Count);
        foreach (RunAnalysis run in Runs)
            Expect.That(run.HasFormOf(Runs[0]), "its runs have not the same layers, images and nodes");
    }
}

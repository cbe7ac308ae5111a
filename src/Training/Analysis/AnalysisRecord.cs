using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>Everything that was found: the content of <c>analysis.json</c>, from which figures and texts are made.</summary>
internal sealed record AnalysisRecord : IChecked
{
    /// <summary>Version of the file.</summary>
    public int Format { get; init; } = 1;

    /// <summary>What was analysed.</summary>
    public required IReadOnlyList<AnalysisKind> What { get; init; }

    /// <summary>The images, in the order train, test.</summary>
    public required IReadOnlyList<Split> Splits { get; init; }

    /// <summary>The fractions of samples below which a node is called rarely active.</summary>
    public required IReadOnlyList<double> Rare { get; init; }

    /// <summary>What the thresholds of perturbations span.</summary>
    public required PerturbationRange Range { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// MD5 of the uncompressed content of each of its files, by name; empty in files of older versions of this program.
    /// </summary>
    public IReadOnlyDictionary<string, string> Md5 { get; init; } = new Dictionary<string, string>();

    /// <summary>The models.</summary>
    public required IReadOnlyList<ModelAnalysis> Models { get; init; }

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Models);
        Expect.That(Format == 1, $"has format {Format}; this version of the program reads format 1");
        Expect.Length(Splits.Count);
        foreach (double fraction in Rare)
            Expect.InRange(fraction, 0, 1, "a value of rare");
        Expect.Md5(Md5);
        Expect.Length(Models.Count);
        if (Models.GroupBy(model => model.Name).FirstOrDefault(models => models.Count() > 1) is { } twice)
            Expect.That(false, $"names the model {twice.Key} twice");
    }
}

/// <summary>The range of activations that the thresholds of perturbations span.</summary>
internal enum PerturbationRange
{
    /// <summary>From the smallest to the largest activation of the layer itself.</summary>
    Layer,

    /// <summary>From the smallest to the largest of all activation layers, as the author's code does it.</summary>
    Reference,
}

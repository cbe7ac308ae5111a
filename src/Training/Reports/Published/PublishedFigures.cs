using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Published;

/// <summary>
/// The test accuracies published in arXiv:2502.02103 (mean ± standard deviation over 20 runs), with the places where they
/// stand. Table 2 is captioned 5,000 epochs but repeats the figures that Table 5 gives for 50,000; the paper's discussion, its
/// learning curves and the author's notes have other, lower figures for 5,000 epochs.
/// </summary>
internal static class PublishedFigures
{
    /// <summary>Runs behind each published mean.</summary>
    public const int Runs = 20;

    /// <summary>The paper's discussion and the author's notes.</summary>
    public static PublishedColumn Text { get; } = new(
        "text, 5,000 epochs", [5_000], "the paper's discussion and the author's notes",
        "The figures of the paper's text are the models without a last bias");

    /// <summary>Table 2, whose figures Table 5 repeats.</summary>
    public static PublishedColumn Table2 { get; } = new(
        "Table 2/5", [5_000, 50_000], "captioned 5,000 epochs in Table 2; Table 5 has the same figures for 50,000",
        "The plain rows of Tables 2 and 5 are the models without a last bias");

    /// <summary>
    /// The same figures, read as the author's list of trainings has them, which for 50,000 epochs names only models with a bias.
    /// </summary>
    public static PublishedColumn Table2WithBias { get; } = new(
        "Table 2/5 as -Bias", [50_000], "the same figures, taken for those of the models with a bias",
        "The plain rows of Tables 2 and 5 are the models with a last bias");

    /// <summary>Table 3: the models with a bias in the last linear layer.</summary>
    public static PublishedColumn Table3 { get; } = new(
        "Table 3", [5_000], "", "The figures of Table 3 are the models with a last bias");

    /// <summary>Table 5: the models with OffsetL2, trained in the form of the author's code.</summary>
    public static PublishedColumn Table5 { get; } = new("Table 5", [50_000], "OffsetL2 in the reference form",
        "The last rows of Table 5 are the models with OffsetL2 in the reference form");

    /// <summary>All published figures.</summary>
    public static IReadOnlyList<PublishedFigure> All { get; } =
    [
        Figure("Abs", Text, 95.26, 0.19), .. OfTable2("Abs", 95.87, 0.22),
        Figure("ReLU", Text, 95.64, 0.19), .. OfTable2("ReLU", 96.62, 0.17),
        Figure("Abs2", Text, 95.35, 0.17), .. OfTable2("Abs2", 95.95, 0.17),
        Figure("Abs2-Neg", Text, 90.08, 2.56), .. OfTable2("Abs2-Neg", 92.25, 2.07),
        Figure("ReLU2", Text, 47.20, 12.00), .. OfTable2("ReLU2", 56.31, 19.31),
        Figure("ReLU2-Neg", Text, 94.93, 0.15), .. OfTable2("ReLU2-Neg", 96.46, 0.17),

        Figure("Abs-Bias", Table3, 95.23, 0.16),
        Figure("ReLU-Bias", Table3, 95.69, 0.17),
        Figure("Abs2-Bias", Table3, 95.38, 0.17),
        Figure("Abs2-Neg-Bias", Table3, 90.53, 2.36),
        Figure("ReLU2-Bias", Table3, 39.94, 18.84),
        Figure("ReLU2-Neg-Bias", Table3, 94.92, 0.18),

        Figure("ReLU-L2", Table5, 97.33, 0.13),
        Figure("ReLU-L2-Neg", Table5, 97.36, 0.14),
        Figure("Abs-L2", Table5, 97.61, 0.07),
        Figure("Abs-L2-Neg", Table5, 97.56, 0.09),
    ];

    /// <summary>The figures of one model.</summary>
    public static IEnumerable<PublishedFigure> Of(string model) => All.Where(figure => figure.Model == model);

    /// <summary>
    /// The figure of a model for a number of epochs, where the columns contradict each other the one on which the paper's text,
    /// its curves and our measurements agree; null where none was published.
    /// </summary>
    public static PublishedFigure? Of(string model, int epochs) =>
        Of(model).OrderBy(figure => figure.Column == Table2).FirstOrDefault(figure => figure.Column.Epochs.Contains(epochs));

    /// <summary>A figure of Table 2, which may be that of the model as it is named there, or of the one with a bias.</summary>
    private static PublishedFigure[] OfTable2(string model, double mean, double deviation) =>
        [Figure(model, Table2, mean, deviation), Figure($"{model}-Bias", Table2WithBias, mean, deviation)];

    private static PublishedFigure Figure(string model, PublishedColumn column, double mean, double deviation) =>
        new(model, column, new SampleSummary(Runs, mean, deviation));
}

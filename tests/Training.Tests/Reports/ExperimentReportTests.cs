using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>What a report says about experiments that are small, incomplete or not the paper's.</summary>
public sealed partial class ExperimentReportTests : IDisposable
{
    private const string Abs = "linear(128) > abs > linear(10, bias: false)",
        ReLU = "linear(128) > relu > linear(10, bias: false)";

    private readonly StoredExperiment _experiment = new(epochs: 24, runs: 3);

    public void Dispose() => _experiment.Dispose();

    private string Text()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        MarkdownWriter.Write(ExperimentReport.Of(ExperimentRecords.Read(_experiment.Folder)), writer, "figures");
        return writer.ToString();
    }

    [Fact]
    public void Single_runs_give_a_report_without_deviations_and_tests()
    {
        _experiment.Add("Abs", Abs, 95).Add("ReLU", ReLU, 94);
        string text = Text();
        Assert.Contains("| Abs | 1 | 95.00 | – | 95.00 | 95.00 | – |", text, StringComparison.Ordinal);
        Assert.Contains("One run of each model: there is nothing to test.", text, StringComparison.Ordinal);
        Assert.Contains("4 runs are not finished (2 of Abs and 2 of ReLU)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_of_accuracies_and_their_differences_end_where_accuracies_do()
    {
        _experiment.Add("Abs", Abs, 60, 99.9, 99.5).Add("ReLU", ReLU, 1, 2, 30);
        // Student's t for 2 degrees of freedom is 4.302652729911275 at 97.5 %: 86.47 ± 56.94 and 11.00 ± 40.89.
        string text = Text();
        Assert.Contains("| Abs | 3 | 86.47 | 22.92 | 60.00 | 99.90 | 29.53 to 100.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| ReLU | 3 | 11.00 | 16.46 | 1.00 | 30.00 | 0.00 to 51.89 |", text, StringComparison.Ordinal);
        Assert.Equal(new IlgpuDistance.Training.Statistics.Interval(-100, 7),
            new IlgpuDistance.Training.Statistics.Interval(-130, 7).Within(-100, 100));
    }

    [Fact]
    public void A_single_model_gives_a_report_without_comparisons()
    {
        _experiment.Add("linear(10)", "linear(10)", 93, 93.5, 94);
        Report report = ExperimentReport.Of(ExperimentRecords.Read(_experiment.Folder));
        Assert.Equal(["experiment", "claims", "accuracy", "curves", "setup"], report.Sections.Select(section => section.Name));
    }

    [Fact]
    public void Diverged_missing_and_damaged_runs_are_told()
    {
        _experiment.Add("Abs", Abs, 95, 95.1, 95.2).Add("ReLU", ReLU, 94, 94.1, 94.2).Add("linear(10)", "linear(10)", 93, 93.5);
        _experiment.WriteRun("Abs", Abs, run: 0, 0, "diverged", "the loss of epoch 3 is NaN");
        File.WriteAllText(_experiment.MetricsOf("ReLU", 2), "");
        string text = Text();
        Assert.Contains("1 run is not finished", text, StringComparison.Ordinal);
        Assert.Contains("1 run diverged and has no final accuracy:\n\n- Abs, run 0: the loss of epoch 3 is NaN\n", text,
            StringComparison.Ordinal);
        Assert.Contains("1 run left out for damaged or foreign files:\n\n- relu/2/metrics.csv: 0 lines", text,
            StringComparison.Ordinal);
        Assert.Contains("| Abs | 2 | 1 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_title_counts_what_is_finished()
    {
        string Title() => ExperimentReport.Of(ExperimentRecords.Read(_experiment.Folder)).Title;

        _experiment.Add("Abs", Abs, 95, 95.1, 95.2);
        Assert.Equal("1 model, 3 runs each, 24 epochs on digits", Title());
        _experiment.Add("ReLU", ReLU, 94, 94.1, 94.2).Add("linear(10)", "linear(10)");
        Assert.Equal("2 of 3 models, 3 runs each, 24 epochs on digits", Title());
        File.WriteAllText(_experiment.MetricsOf("ReLU", 2), "");
        Assert.Equal("2 of 3 models, 2 to 3 runs each, 24 epochs on digits; 1 run left out", Title());
        _experiment.WriteRun("Abs", Abs, run: 0, 0, "diverged", "the loss of epoch 3 is NaN");
        Assert.Equal("2 of 3 models, 2 of 3 runs each, 24 epochs on digits; 1 run diverged; 1 run left out", Title());
    }

    [Fact]
    public void What_the_figures_cannot_be_compared_with_is_said_at_the_beginning()
    {
        _experiment.Add("Abs", Abs, 95, 95.1, 95.2);
        string text = Text();
        Assert.Contains("This is not the protocol of arXiv:2502.02103: digits instead of MNIST.", text, StringComparison.Ordinal);
        Assert.Contains("24 epochs: the published figures are for 5,000 and 50,000", text, StringComparison.Ordinal);
        Assert.Contains("the verdicts are on these runs, 24 epochs on digits", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_follows_the_papers_protocol_is_said_to()
    {
        using var experiment = new StoredExperiment(epochs: 5000, runs: 20, mnist: true);
        experiment.Add("Abs", Abs, 95, 95.1, 95.2);
        Report report = ExperimentReport.Of(ExperimentRecords.Read(experiment.Folder));
        Assert.Equal("5,000 epochs by the protocol of arXiv:2502.02103: MNIST as raw bytes, plain SGD, one step per epoch.",
            Assert.IsType<ReportParagraph>(report.Sections[0].Blocks[0]).Text);
        string claims = Assert.IsType<ReportParagraph>(report.Sections[1].Blocks[0]).Text;
        Assert.DoesNotContain("the verdicts are on these runs", claims, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_without_any_error_and_losses_of_zero_can_be_drawn()
    {
        _experiment.Add("Abs", Abs, 100, 100, 100);
        string path = _experiment.MetricsOf("Abs", 0);
        File.WriteAllText(path, LossPattern().Replace(File.ReadAllText(path), "$1,0,"));
        Assert.Contains("| Abs | 3 | 100.00 | 0.00 |", Text(), StringComparison.Ordinal);
        foreach (ReportFigure figure in ExperimentReport.Of(ExperimentRecords.Read(_experiment.Folder)).Figures)
            Assert.DoesNotContain("nan", figure.Figure.ToSvg().Split("</style>")[1], StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"(?m)^(\d+),[^,]*,")]
    private static partial Regex LossPattern();

    [Fact]
    public void Nothing_finished_is_one_clear_line()
    {
        _experiment.Add("Abs", Abs).Add("ReLU", ReLU);
        _experiment.WriteRun("Abs", Abs, run: 0, 0, "diverged", "the loss of epoch 3 is NaN");
        string message = Assert.Throws<InputException>(() =>
            ExperimentReport.Of(ExperimentRecords.Read(_experiment.Folder))).Message;
        Assert.Equal($"{_experiment.Folder}: none of 6 runs is finished, 1 diverged; there is nothing to report yet", message);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        _experiment.Add("Abs", Abs, 95);
        string folder = _experiment["report"];
        File.WriteAllText(folder, "");
        Assert.Equal($"{folder}: is a file; name a folder",
            Assert.Throws<InputException>(() => FigureFiles.Prepare(folder, "report")).Message);
        var below = Assert.Throws<InputException>(() => FigureFiles.Prepare(Path.Combine(folder, "below"), "report"));
        Assert.Contains("cannot be written", below.Message, StringComparison.Ordinal);
        Assert.Equal("folder of results: expected a folder, found empty text",
            Assert.Throws<InputException>(() => FigureFiles.Prepare("", "report")).Message);
    }
}

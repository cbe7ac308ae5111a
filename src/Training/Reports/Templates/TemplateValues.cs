using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Reports.Templates;

/// <summary>What the placeholders of a template stand for. Each experiment is read once.</summary>
/// <param name="folder">The folder that holds the experiments.</param>
/// <param name="figureFolder">The folder of the figures, relative to the document.</param>
internal sealed class TemplateValues(string folder, string figureFolder)
{
    private readonly Dictionary<string, (ExperimentRecords Records, Report Report)?> _experiments = [];
    private readonly Dictionary<string, Figure> _figures = [];

    /// <summary>The figures that were asked for.</summary>
    public IReadOnlyList<Figure> Figures => [.. _figures.Values];

    /// <summary>What a placeholder stands for, in Markdown.</summary>
    /// <param name="experiment">What stands before the colon: an experiment, "compare" or "runs".</param>
    /// <param name="what">What stands behind it.</param>
    /// <exception cref="InputException">There is no such thing, or an experiment cannot be read.</exception>
    public string Of(string experiment, string what)
    {
        string[] words = what.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (experiment, words) switch
        {
            ("runs", _) => Write(RunsTable.Of(what.Split(',', StringSplitOptions.TrimEntries).Select(
                name => (name, Find(name)?.Records)))),
            ("compare", [var first, var a, "above", var second, var b, "by", var points]) => Compare(first, a, second, b, points),
            (_, ["verdicts"]) => OfReport(experiment, report => Write(VerdictTable.Of(Own(report.Findings)))),
            (_, ["table", var name]) => OfReport(experiment, report => Part(
                report, experiment, report.Tables, table => table.Name, name, "table", table => table)),
            (_, ["figure", var name]) => OfReport(experiment, report => Part(
                report, experiment, report.Figures, figure => figure.Figure.Name, name, "figure",
                figure => Show(experiment, figure))),
            (_, ["findings", var name]) => OfReport(experiment, report => Part(
                report, experiment, report.Sections, section => section.Name, name, "section", FindingsOf)),
            (_, ["mean", var model]) => MeanOf(experiment, model),
            _ => throw new InputException(
                "expected EXPERIMENT: table NAME, figure NAME, findings SECTION, verdicts or mean MODEL; or runs: A, B; or " +
                "compare: A MODEL above B MODEL by POINTS"),
        };
    }

    /// <summary>The part of a report that has a name; where it is none and the networks are not analysed, that is said.</summary>
    private string Part<T>(
        Report report, string experiment, IEnumerable<T> all, Func<T, string> nameOf, string name, string kind,
        Func<T, ReportBlock> show)
        where T : class
    {
        T[] there = [.. all];
        if (there.FirstOrDefault(item => nameOf(item) == name) is { } found)
            return Write(show(found));
        return report.Sections.Any(section => section.Name == AnalysisReport.FirstSection)
            ? throw new InputException($"the report has no {kind} {name}; it has {Numbers.List(there.Select(nameOf))}")
            : $"*The report on {experiment} has no {kind} {name}: its networks are not analysed.*";
    }

    private static ReportFindings FindingsOf(ReportSection section) =>
        new([.. Own(section.Blocks.OfType<ReportFindings>().SelectMany(block => block.Findings))]);

    /// <summary>The claims about models of the experiment: a document says the others of the experiment that has them.</summary>
    private static IEnumerable<Finding> Own(IEnumerable<Finding> findings) => findings.Where(finding => !finding.IsForeign);

    /// <summary>An experiment with its report; null where nothing of it is finished.</summary>
    private (ExperimentRecords Records, Report Report)? Find(string name)
    {
        if (!_experiments.TryGetValue(name, out var found))
            _experiments[name] = found = Read(Path.Combine(folder, name));
        return found;
    }

    private static (ExperimentRecords, Report)? Read(string path)
    {
        if (!Directory.Exists(path))
            return null;
        ExperimentRecords records = EarlierRuns.AddTo(ExperimentRecords.Read(path));
        if (records.Problems.Count > 0)
            throw new InputException(records.Problems[0]);
        return records.FinishedModels.Any()
            ? (records, ExperimentReport.Of(records, AnalysisFolder.Find(records)))
            : null;
    }

    private string OfReport(string experiment, Func<Report, string> part) => Find(experiment) is var (_, report)
        ? part(report)
        : $"*No run of {experiment} is finished: nothing of it is decided.*";

    private string MeanOf(string experiment, string model) => Find(experiment)?.Records.Find(model)?.TestAccuracy is { } accuracy
        ? Numbers.MeanAndDeviation(accuracy)
        : $"{Numbers.None} (no run of {model} in {experiment} is finished)";

    private string Compare(string first, string a, string second, string b, string points)
    {
        if (!double.TryParse(points, NumberStyles.Float, CultureInfo.InvariantCulture, out double margin))
            throw new InputException($"{points} is not a number of points");
        if (Find(first)?.Records.Find(a) is not { } one)
            return $"{Verdict.NotDecided.InWords()} (no run of {a} in {first} is finished)";
        if (Find(second)?.Records.Find(b) is not { } other)
            return $"{Verdict.NotDecided.InWords()} (no run of {b} in {second} is finished)";
        Condition condition = Comparison.AcrossExperiments(one.TestAccuracy!, other.TestAccuracy!, margin);
        return $"**{condition.Verdict.InWords()}** ({condition.Evidence})";
    }

    private ReportFigure Show(string experiment, ReportFigure figure)
    {
        string name = $"{experiment}-{figure.Figure.Name}";
        _figures.TryAdd(name, figure.Figure.Named(name));
        return figure with { Figure = _figures[name] };
    }

    private string Write(ReportBlock block)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        MarkdownWriter.Write(block, writer, figureFolder);
        return writer.ToString().TrimEnd('\n');
    }
}

using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Records;

/// <summary>
/// Runs of an experiment of which nothing is kept but their final figures: <c>earlier.csv</c> in its folder, a line for each.
/// They count for as long as the experiment has no run of that model and number itself, which begins with the same random
/// numbers and would not be another one.
/// </summary>
internal static class EarlierRuns
{
    private const string FileName = "earlier.csv";
    private const string Header = "model,run,test_accuracy,train_accuracy,loss,seconds,device";

    private const int Fields = 7;

    /// <summary>The records of an experiment with the earlier runs of its models.</summary>
    /// <exception cref="InputException">The file cannot be read; the message is one line.</exception>
    public static ExperimentRecords AddTo(ExperimentRecords records)
    {
        string path = Path.Combine(records.Folder, FileName);
        if (!File.Exists(path))
            return records;
        ILookup<string, RunRecord> earlier = Read(path, records.Description).ToLookup(run => run.Model, run => run.Run);
        return records with { Models = [.. records.Models.Select(model => Add(model, earlier[model.Name]))] };
    }

    private static ModelRecords Add(ModelRecords model, IEnumerable<RunRecord> earlier)
    {
        RunRecord[] more = [.. earlier.Where(run =>
            !model.Diverged.ContainsKey(run.Number) && model.Finished.All(own => own.Number != run.Number))];
        return model with
        {
            Finished = [.. model.Finished.Concat(more).OrderBy(run => run.Number)],
            Missing = Math.Max(0, model.Missing - more.Length),
        };
    }

    private static IEnumerable<(string Model, RunRecord Run)> Read(string path, ExperimentDescription description)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
        if (lines.Length == 0 || lines[0] != Header)
            throw new InputException($"{path}: expected \"{Header}\" as the first line");
        return [.. lines.Index().Skip(1).Select(line => Parse(line.Item, description)
            ?? throw new InputException($"{path}: line {line.Index + 1} is not a run of the experiment: {Header}"))];
    }

    private static (string Model, RunRecord Run)? Parse(string line, ExperimentDescription description)
    {
        // The device is the last one, and may have commas.
        string[] fields = line.Split(',', Fields);
        if (fields.Length != Fields
            || description.Models.FirstOrDefault(model => model.Name == fields[0]) is not { } model
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }
        double[] figures = [.. fields[2..6].Select(field =>
            double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure) ? figure : double.NaN)];
        if (!figures.All(double.IsFinite) || figures[..2].Any(accuracy => accuracy is < 0 or > 100))
            return null;
        int epochs = description.EpochsOf(model);
        return (model.Name, new RunRecord
        {
            Number = number,
            Final = new EpochRecord(epochs, figures[2], figures[1], figures[0], figures[3] / Math.Max(1, epochs)),
            Seconds = figures[3],
            Device = fields[6],
            Losses = [],
            TrainAccuracies = [],
            TestAccuracies = [],
        });
    }
}

using System.Diagnostics;
using IlgpuDistance.Training.Loop;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// Shows a training on standard output: the first epochs, about twenty more, and the last, in a file or pipe as lines, on a
/// terminal as rows of a table, below which one more row is always up to date.
/// </summary>
/// <remarks>
/// An epoch's loss and training accuracy come from its forward pass, before its step; epoch 1 repeats those of the untrained
/// network. The test accuracy comes from after the step. Since that looks like a fault to whoever does not know it, lines and
/// columns say it.
/// </remarks>
/// <param name="epochs">Epochs to train in all.</param>
internal sealed class TrainingDisplay(int epochs)
{
    private const int FirstEpochs = 3;
    private const int LinesInFile = 20;

    /// <summary>Weight of the newest epoch in the moving average of the time per epoch.</summary>
    private const double NewestWeight = 0.05;

    /// <summary>Between two changes of the row on a terminal: an epoch may take less than a millisecond.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private readonly (string Above, string Heading, int Width)[] _columns = ColumnsFor(epochs, Terminal.Width);
    private double? _secondsPerEpoch;
    private double? _testAccuracy;

    /// <summary>What is shown of an epoch, as text; the test accuracy is the last known.</summary>
    private sealed record Progress(int Epoch, string Loss, string Train, string Test, string PerEpoch, string Left);

    /// <summary>Asks for all records, which is what trains, and shows them.</summary>
    public void Show(IEnumerable<EpochRecord> records)
    {
        if (Terminal.IsLive)
            ShowRows(records);
        else
            ShowLines(records);
    }

    private bool IsKept(EpochRecord record) =>
        record.Epoch < FirstEpochs || record.Epoch % Math.Max(1, epochs / LinesInFile) == 0;

    private void ShowLines(IEnumerable<EpochRecord> records)
    {
        string? pending = null;
        foreach (EpochRecord record in records)
        {
            string line = AsLine(Advance(record));
            bool isKept = IsKept(record);
            if (isKept)
                Terminal.Print(line);
            pending = isKept ? null : line;
        }
        // The last epoch is shown wherever the training ended.
        if (pending is not null)
            Terminal.Print(pending);
    }

    private void ShowRows(IEnumerable<EpochRecord> records)
    {
        string? pending = null;
        Terminal.Print(AsRow([.. _columns.Select(column => column.Above)]));
        Terminal.Print(AsRow([.. _columns.Select(column => column.Heading)]));
        Terminal.Output.Live(Text.Empty).AutoClear(true).Start(context =>
        {
            long shown = 0;
            foreach (EpochRecord record in records)
            {
                string row = AsRow(Advance(record));
                bool isKept = IsKept(record);
                if (isKept)
                    Terminal.Print(row);
                pending = isKept ? null : row;
                if (shown != 0 && Stopwatch.GetElapsedTime(shown) < RefreshInterval)
                    continue;
                context.UpdateTarget(new Text(row));
                shown = Stopwatch.GetTimestamp();
            }
        });
        if (pending is not null)
            Terminal.Print(pending);
    }

    /// <summary>The columns with two lines of headings; the times are left out where the terminal is narrow.</summary>
    private static (string Above, string Heading, int Width)[] ColumnsFor(int epochs, int width)
    {
        (string, string, int Width)[] columns =
        [
            ("", "epoch", Math.Max(5, 2 * $"{epochs}".Length + 1)), ("before", "loss", 9), ("its step", "train", 8),
            ("after", "test", 8), ("time per", "epoch", 8), ("", "left", 8),
        ];
        return columns.Sum(column => column.Width + 2) <= width ? columns : columns[..4];
    }

    private string AsRow(Progress progress) =>
        AsRow([$"{progress.Epoch}/{epochs}", progress.Loss, progress.Train, progress.Test, progress.PerEpoch, progress.Left]);

    private string AsRow(string[] cells) => string.Join("  ", _columns.Zip(cells, (column, cell) => cell.PadLeft(column.Width)));

    private string AsLine(Progress progress)
    {
        string epoch = $"epoch {progress.Epoch}/{epochs}";
        string before = $"loss {progress.Loss}  train {progress.Train}", after = $"test {progress.Test}";
        return progress.Epoch == 0
            ? $"{epoch}  untrained: {before}  {after}"
            : $"{epoch}  before its step: {before}  after it: {after}  {progress.PerEpoch}/epoch  {progress.Left} left";
    }

    private Progress Advance(EpochRecord record)
    {
        if (record.Epoch > 0)
        {
            // The second epoch replaces the first, in which code is compiled.
            double earlier = record.Epoch <= 2 ? record.Seconds : _secondsPerEpoch ?? record.Seconds;
            _secondsPerEpoch = earlier + NewestWeight * (record.Seconds - earlier);
        }
        _testAccuracy = record.TestAccuracy ?? _testAccuracy;
        double perEpoch = _secondsPerEpoch ?? 0;
        return new Progress(
            record.Epoch, LossText.Of(record.Loss), $"{record.TrainAccuracy:0.00} %", $"{_testAccuracy:0.00} %",
            record.Epoch == 0 ? "" : perEpoch < 1 ? $"{1000 * perEpoch:0.0} ms" : Duration.Text(perEpoch),
            record.Epoch == 0 ? "" : Duration.Text(perEpoch * (epochs - record.Epoch)));
    }
}

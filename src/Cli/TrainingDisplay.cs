using System.Diagnostics;
using IlgpuDistance.Training.Loop;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// Shows a training on standard output: one line that is rewritten on a terminal; in a file or pipe the first epochs, about
/// twenty more, and the last.
/// </summary>
/// <param name="epochs">Epochs to train in all.</param>
internal sealed class TrainingDisplay(int epochs)
{
    private const int FirstEpochs = 3;
    private const int LinesInFile = 20;

    /// <summary>Weight of the newest epoch in the moving average of the time per epoch.</summary>
    private const double NewestWeight = 0.05;

    /// <summary>Between two changes of the line on a terminal: an epoch may take less than a millisecond.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private double? _secondsPerEpoch;
    private double? _testAccuracy;

    /// <summary>What is shown of an epoch, as text; the test accuracy is the last known.</summary>
    private sealed record Progress(int Epoch, string Loss, string Train, string Test, string PerEpoch, string Left);

    /// <summary>Asks for all records, which is what trains, and shows them.</summary>
    public void Show(IEnumerable<EpochRecord> records)
    {
        if (Terminal.IsLive)
            ShowLive(records);
        else
            ShowLines(records);
    }

    private void ShowLive(IEnumerable<EpochRecord> records) => Terminal.Output.Live(Text.Empty).Start(context =>
    {
        long shown = 0;
        Progress? progress = null;
        foreach (EpochRecord record in records)
        {
            progress = Advance(record);
            if (shown != 0 && Stopwatch.GetElapsedTime(shown) < RefreshInterval)
                continue;
            context.UpdateTarget(AsTable(progress));
            shown = Stopwatch.GetTimestamp();
        }
        if (progress is not null)
            context.UpdateTarget(AsTable(progress));
    });

    private TextTable AsTable(Progress progress) => new TextTable().AddNumbers("epoch", "loss", "train", "test", "per epoch", "left")
        .AddRow($"{progress.Epoch}/{epochs}", progress.Loss, progress.Train, progress.Test, progress.PerEpoch, progress.Left);

    private void ShowLines(IEnumerable<EpochRecord> records)
    {
        int interval = Math.Max(1, epochs / LinesInFile);
        string? pending = null;
        foreach (EpochRecord record in records)
        {
            string line = AsLine(Advance(record));
            bool show = record.Epoch < FirstEpochs || record.Epoch % interval == 0;
            if (show)
                Terminal.Print(line);
            pending = show ? null : line;
        }
        // The last epoch is shown wherever the training ended.
        if (pending is not null)
            Terminal.Print(pending);
    }

    private string AsLine(Progress progress)
    {
        string line = $"epoch {progress.Epoch}/{epochs}  loss {progress.Loss}  train {progress.Train}  test {progress.Test}";
        return progress.Epoch == 0 ? line : $"{line}  {progress.PerEpoch}/epoch  {progress.Left} left";
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
            record.Epoch, $"{record.Loss:0.0000}", $"{record.TrainAccuracy:0.00} %", $"{_testAccuracy:0.00} %",
            record.Epoch == 0 ? "" : perEpoch < 1 ? $"{1000 * perEpoch:0.0} ms" : Duration.Text(perEpoch),
            record.Epoch == 0 ? "" : Duration.Text(perEpoch * (epochs - record.Epoch)));
    }
}

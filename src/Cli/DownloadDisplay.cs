using System.Globalization;
using System.Threading.Channels;
using IlgpuDistance.Training.Data;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>Shows a download on standard error: bars on a terminal, a line per file elsewhere.</summary>
internal static class DownloadDisplay
{
    /// <summary>Runs work that may download something, and shows what it reports; nothing where it reports nothing.</summary>
    public static Task<T> RunAsync<T>(Func<IProgress<DownloadProgress>, Task<T>> work) =>
        Terminal.Error.Profile.Out.IsTerminal ? RunWithBarsAsync(work) : work(new Lines());

    private static async Task<T> RunWithBarsAsync<T>(Func<IProgress<DownloadProgress>, Task<T>> work)
    {
        var reports = Channel.CreateUnbounded<DownloadProgress>();
        Task<T> result = RunToEndAsync();
        // The bars are begun by the first report, because an empty display leaves empty lines on the screen.
        Task<bool> report = reports.Reader.WaitToReadAsync().AsTask();
        if (Terminal.IsLive)
            await Waiting.ShowUntilAsync(report, "reading the data");
        if (await report)
            await ShowBarsAsync(reports.Reader);
        return await result;

        async Task<T> RunToEndAsync()
        {
            try
            {
                return await work(new Bars(reports.Writer));
            }
            finally
            {
                reports.Writer.Complete();
            }
        }
    }

    private static Task ShowBarsAsync(ChannelReader<DownloadProgress> reports) => Terminal.Error.Progress()
        .AutoClear(true)
        .Columns(NarrowColumn.Or(
            Terminal.Error, task => string.Create(CultureInfo.InvariantCulture, $"{task.Value / 1e6:0.0} MB"),
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(),
            new TransferSpeedColumn()))
        .StartAsync(async context =>
        {
            Dictionary<string, ProgressTask> tasks = [];
            await foreach (DownloadProgress report in reports.ReadAllAsync())
            {
                string description = Markup.Escape($"{report.File} from {report.Host}");
                if (!tasks.TryGetValue(report.File, out ProgressTask? task))
                    tasks[report.File] = task = context.AddTask(description);
                task.Description = description;
                task.IsIndeterminate = report.TotalBytes is null;
                task.MaxValue = report.TotalBytes ?? report.ReceivedBytes + 1;
                task.Value = report.ReceivedBytes;
            }
        });

    /// <summary>Passes reports, which come from any thread, to the one that draws.</summary>
    private sealed class Bars(ChannelWriter<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.TryWrite(value);
    }

    private sealed class Lines : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.ReceivedBytes == 0)
            {
                Terminal.Tell(
                    $"downloading {value.File}{(value.TotalBytes is { } bytes ? $" ({bytes:N0} bytes)" : "")} from {value.Host}");
            }
        }
    }
}

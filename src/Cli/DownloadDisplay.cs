using IlgpuDistance.Training.Data;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>Shows a download on standard error: bars on a terminal, a line per file elsewhere.</summary>
internal static class DownloadDisplay
{
    /// <summary>Runs work that may download something, and shows what it reports.</summary>
    public static Task<T> RunAsync<T>(Func<IProgress<DownloadProgress>, Task<T>> work) =>
        Terminal.Error.Profile.Out.IsTerminal ? RunWithBarsAsync(work) : work(new Lines());

    private static async Task<T> RunWithBarsAsync<T>(Func<IProgress<DownloadProgress>, Task<T>> work)
    {
        // Cleared at the end, so that nothing is left on the screen where nothing was downloaded.
        Progress display = Terminal.Error.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn(),
            new DownloadedColumn(),
            new TransferSpeedColumn());
        return await display.StartAsync(context => work(new Bars(context)));
    }

    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> tasks = [];

        public void Report(DownloadProgress value)
        {
            string description = Markup.Escape($"{value.File} from {value.Host}");
            if (!tasks.TryGetValue(value.File, out ProgressTask? task))
                tasks[value.File] = task = context.AddTask(description, maxValue: value.TotalBytes);
            task.Description = description;
            task.Value = value.ReceivedBytes;
        }
    }

    private sealed class Lines : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.ReceivedBytes == 0)
                Console.Error.WriteLine($"downloading {value.File} ({value.TotalBytes:N0} bytes) from {value.Host}");
        }
    }
}

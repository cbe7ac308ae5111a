using System.Runtime.InteropServices;
using CommandLine;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>A verb that works on a data set, and the options that choose it.</summary>
internal abstract class DataOptionsVerb : Verb
{
    [Option("dataset", Default = DatasetChoice.Auto,
        HelpText = "Which data. auto: MNIST, or the small built-in digits where MNIST cannot be had.")]
    public DatasetChoice Dataset { get; set; }

    [Option("data", MetaValue = "FOLDER",
        HelpText = "Folder with the four IDX files of MNIST, or of data in its form, plain or .gz. " +
            $"Default: ${DataLocations.Variable}, else the user's cache.")]
    public string? DataFolder { get; set; }

    [Option("offline", HelpText = "Never download MNIST.")]
    public bool Offline { get; set; }

    /// <summary>What the options ask for.</summary>
    protected DatasetRequest DatasetRequest => new()
    {
        Choice = Dataset,
        Folder = DataFolder,
        Download = Offline ? DownloadPolicy.Offline : DownloadPolicy.WhenNeeded,
    };

    /// <summary>Finds and reads the data set, shows a download if there is one, and prints warnings.</summary>
    /// <exception cref="Gpu.InputException">The data cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the download.</exception>
    protected ResolvedDataset LoadDataset() => LoadDataset(DatasetRequest);

    /// <inheritdoc cref="LoadDataset()"/>
    protected static ResolvedDataset LoadDataset(DatasetRequest request)
    {
        using var cancellation = new CancellationTokenSource();
        void Cancel(PosixSignalContext signal)
        {
            // The process ends by itself once the half file is removed.
            signal.Cancel = true;
            cancellation.Cancel();
        }
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

        var resolver = new DatasetResolver(DataLocations.OfThisProcess(), new MnistDownloader());
        try
        {
            ResolvedDataset resolved = DownloadDisplay
                .RunAsync(progress => resolver.ResolveAsync(request, progress, cancellation.Token)).GetAwaiter().GetResult();
            foreach (string warning in resolved.Warnings)
                Terminal.Warn(warning);
            return resolved;
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("the download was stopped; no half file is left", error);
        }
    }
}

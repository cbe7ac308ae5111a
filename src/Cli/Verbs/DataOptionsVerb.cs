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
    /// <param name="request">What is asked for.</param>
    /// <param name="quiet">Whether a download is not shown.</param>
    /// <exception cref="Gpu.InputException">The data cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the download.</exception>
    protected static ResolvedDataset LoadDataset(DatasetRequest request, bool quiet = false)
    {
        using var interruption = new Interruption();
        var resolver = new DatasetResolver(DataLocations.OfThisProcess(), new MnistDownloader());
        Task<ResolvedDataset> ResolveAsync(IProgress<DownloadProgress>? progress) =>
            resolver.ResolveAsync(request, progress, interruption.Token);
        try
        {
            ResolvedDataset resolved = (quiet ? ResolveAsync(null) : DownloadDisplay.RunAsync(ResolveAsync)).GetAwaiter().GetResult();
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

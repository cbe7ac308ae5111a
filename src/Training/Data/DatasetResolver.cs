using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Finds the data set for a request: the folder that the user names, else the folder that the environment names, else
/// the cache, else a download to the cache, else, unless MNIST is insisted on, the built-in digits.
/// </summary>
/// <remarks>A folder that somebody named is never passed over: what is wrong with it is an error.</remarks>
/// <param name="locations">Where to look when the request names no folder.</param>
/// <param name="downloader">Downloads MNIST to the cache.</param>
public sealed class DatasetResolver(DataLocations locations, MnistDownloader downloader)
{
    /// <summary>Finds and reads the data set.</summary>
    /// <param name="request">What the user asks for.</param>
    /// <param name="progress">Told about a download, from any thread.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="InputException">
    /// The request contradicts itself, a named folder cannot be used, or MNIST is insisted on and cannot be had.
    /// </exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task<ResolvedDataset> ResolveAsync(
        DatasetRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (request.Choice == DatasetChoice.Digits)
        {
            if (request.Folder is not null)
                throw new InputException("the digits are built in and read no folder; leave out --data, or --dataset digits");
            return Describe(BuiltInDigits.Read(), "built into the program", []);
        }
        if (request.Folder == "")
            throw new InputException("--data is empty; name a folder with the four files of MNIST");
        if (request.Folder is not null)
            return Describe(MnistFolder.Read(request.Folder), $"from {request.Folder}", []);
        if (locations.EnvironmentFolder is not null)
            return ReadEnvironmentFolder(locations.EnvironmentFolder);
        return await ReadCacheAsync(request, progress, cancellation).ConfigureAwait(false);
    }

    private static ResolvedDataset ReadEnvironmentFolder(string folder)
    {
        try
        {
            return Describe(MnistFolder.Read(folder), $"from {folder}, named by {DataLocations.Variable}", []);
        }
        catch (InputException error)
        {
            throw new InputException($"{error.Message} (the environment variable {DataLocations.Variable} names this folder)", error);
        }
    }

    private async Task<ResolvedDataset> ReadCacheAsync(
        DatasetRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string cache = locations.CacheFolder;
        List<string> warnings = [];
        if (MnistFolder.IsComplete(cache))
        {
            try
            {
                return Describe(ReadMnist(cache), $"from the cache, {cache}", []);
            }
            catch (InputException error)
            {
                warnings.Add($"The cached MNIST cannot be used: {error.Message}.");
            }
        }

        string reason;
        switch (request.Download)
        {
            case DownloadPolicy.WhenNeeded:
                try
                {
                    await downloader.DownloadAsync(cache, progress, cancellation).ConfigureAwait(false);
                    return Describe(ReadMnist(cache), $"downloaded to {cache}", warnings);
                }
                catch (InputException error)
                {
                    reason = error.Message;
                }
                break;
            case DownloadPolicy.Later:
                reason = $"MNIST is not in {cache}; training would download it, and ilgpu-distance data --download does so now";
                break;
            default:
                reason =
                    $"MNIST is not in {cache} and --offline forbids to download it; " +
                    "leave out --offline, or name a folder with --data";
                break;
        }
        if (request.Choice == DatasetChoice.Mnist)
            throw new InputException(string.Join(' ', [.. warnings, reason]));
        return Describe(BuiltInDigits.Read(), "built into the program",
            [.. warnings, $"This is not MNIST but the small built-in digits, and results will differ: {reason}."]);
    }

    /// <summary>Reads the cache, which holds MNIST and nothing else.</summary>
    private static Dataset ReadMnist(string cache)
    {
        Dataset dataset = MnistFolder.Read(cache);
        if (dataset.Files.FirstOrDefault(file => !file.IsPublished) is { } other)
        {
            throw new InputException(
                $"{Path.Combine(cache, other.Name)}: the contents have MD5 {other.Md5} where MNIST has {other.PublishedMd5}; " +
                "download the file again, or name a folder of your own with --data");
        }
        return dataset;
    }

    private static ResolvedDataset Describe(Dataset dataset, string origin, IReadOnlyList<string> warnings)
    {
        string source =
            $"{dataset.Name}: {dataset.Train.Count:N0} training and {dataset.Test.Count:N0} test images of " +
            $"{dataset.Train.Height}×{dataset.Train.Width} in {dataset.Classes} classes, {origin}";
        return new ResolvedDataset(dataset, source, warnings);
    }
}

using System.Runtime.InteropServices;
using TorchSharp;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>Whether LibTorch, which TorchSharp brings along as a native library, can be used here.</summary>
internal static class TorchLibrary
{
    /// <summary>Version of the native library, for the report.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads it.</summary>
    /// <returns>Null, or one sentence on why that is impossible.</returns>
    public static string? TryLoad()
    {
        try
        {
            // TorchSharp would do this itself, but answers a failure with a page of attempts instead of the loader's reason.
            foreach (string library in (string[])["torch_cpu", "LibTorchSharp"])
                NativeLibrary.Load(library, typeof(torch).Assembly, null);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            string[] reasons = error.Message.Split('\n', StringSplitOptions.TrimEntries);
            string reason = reasons.FirstOrDefault(line => line.Contains("GLIBC", StringComparison.Ordinal)) ?? reasons[0];
            return $"LibTorch cannot be loaded and is not timed: {reason}";
        }
        // May be set once in a process, and before anything is computed.
        torch.set_num_interop_threads(1);
        return null;
    }
}

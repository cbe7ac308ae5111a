using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using ILGPU;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// Finds the drivers' libraries for ILGPU. ILGPU asks for <c>libOpenCL.so</c> and <c>libcuda.so</c>, which on Linux only
/// the packages for developers provide; users have the libraries under their versioned names.
/// </summary>
internal static class NativeLibraries
{
    private const string WslFolder = "/usr/lib/wsl/lib", LoaderCache = "/etc/ld.so.cache";

    private static readonly Lazy<bool> Installation = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        return true;
    });

    /// <summary>
    /// Makes ILGPU find the libraries; must run before ILGPU first looks for one. Any thread, any number of times.
    /// </summary>
    public static void Install() => _ = Installation.Value;

    /// <summary>Loads a driver's library under the first of its names that exists.</summary>
    /// <param name="name">The name by which ILGPU imports it.</param>
    /// <param name="handle">The loaded library; zero where there is none.</param>
    public static bool TryLoad(string name, out IntPtr handle) =>
        TryLoad(name, typeof(Context).Assembly, null, out handle);

    /// <summary>The names to try for a library that ILGPU imports, in order.</summary>
    internal static string[] NamesOf(string name) => name switch
    {
        "OpenCL" => [name, "libOpenCL.so.1"],
        // Windows puts the driver for Linux into a folder of its own, which not every distribution's loader looks into.
        "cuda" => [name, "libcuda.so.1", $"{WslFolder}/libcuda.so.1"],
        _ => [name],
    };

    /// <summary>
    /// Whether a library that ILGPU imports lies where the loader looks for it. It is not loaded to find that out: a broken one
    /// can end the process. Where only the loader knows the places, as elsewhere than on Linux, the answer is yes.
    /// </summary>
    internal static bool IsInstalled(string name)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        string file = $"lib{name}.so";
        string path = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "";
        string[] folders =
        [
            AppContext.BaseDirectory, .. path.Split(':', StringSplitOptions.RemoveEmptyEntries),
            "/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", WslFolder,
        ];
        return IsInLoaderCache(file) ||
            folders.Any(folder => File.Exists(Path.Combine(folder, file)) || File.Exists(Path.Combine(folder, $"{file}.1")));
    }

    /// <summary>Whether the list of libraries that <c>ldconfig</c> keeps for glibc has the name.</summary>
    private static bool IsInLoaderCache(string file)
    {
        try
        {
            return File.ReadAllBytes(LoaderCache).AsSpan().IndexOf(Encoding.UTF8.GetBytes(file)) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) // Other C libraries have none.
        {
            return false;
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        TryLoad(name, assembly, searchPath, out IntPtr handle) ? handle : IntPtr.Zero;

    private static bool TryLoad(string name, Assembly assembly, DllImportSearchPath? searchPath, out IntPtr handle)
    {
        foreach (string candidate in NamesOf(name))
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out handle))
                return true;
        }
        handle = IntPtr.Zero;
        return false;
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// Finds the drivers' libraries for ILGPU. ILGPU asks for <c>libOpenCL.so</c> and <c>libcuda.so</c>, which on Linux only
/// the packages for developers provide; users have the libraries under their versioned names.
/// </summary>
internal static class NativeLibraries
{
    private static readonly Lazy<bool> Installation = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        return true;
    });

    /// <summary>Makes ILGPU find the libraries; must run before ILGPU first looks for one. Any thread, any number of times.</summary>
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
        "cuda" => [name, "libcuda.so.1"],
        _ => [name],
    };

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

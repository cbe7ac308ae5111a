namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Sees every launch of a <see cref="KernelQueue"/>.</summary>
internal interface ILaunchObserver
{
    /// <summary>Called before a launch.</summary>
    void BeforeLaunch();

    /// <summary>Called after a launch, which the device may not have finished or begun.</summary>
    void AfterLaunch(Kernel kernel, in WorkShape shape);
}
